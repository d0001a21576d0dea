import { expect, it } from 'vitest';
import { TransportError } from '../src/index.js';

it('TransportError has a code, a message, a name and a cause', () => {
  const cause = new Error('connect ECONNREFUSED');
  const error = new TransportError('not-found', 'nothing listens there', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error.code).toBe('not-found');
  expect(error.message).toBe('nothing listens there');
  expect(error.cause).toBe(cause);
  expect(String(error)).toBe('TransportError: nothing listens there');
});

it('TransportError without a cause has no property cause', () => {
  expect('cause' in new TransportError('io', 'failed')).toBe(false);
});

it('TransportError is one line that cannot control a terminal, with any name of a device (C-16)', () => {
  const { message } = new TransportError('io', 'the port /dev/tty\u001b[2K\nSUCCESS is not there');
  expect(message).toBe('the port /dev/tty\\u001b[2K\\u000aSUCCESS is not there');
  expect(new TransportError('io', message).message).toBe(message);
});

it('TransportError as JSON keeps its code, message and cause', () => {
  const cause = Object.assign(new Error('open failed'), { code: 'EBUSY', handle: 5n });
  const error = new TransportError('busy', 'it is held', { cause });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'TransportError',
    code: 'busy',
    message: 'it is held',
    cause: { name: 'Error', code: 'EBUSY', message: 'open failed' },
  });
});

it.each([
  [undefined, undefined],
  ['EBUSY', undefined],
  [Object.assign(new Error('x'), { code: 5 }), { name: 'Error', code: 5, message: 'x' }],
  [Object.assign(new Error('x'), { code: 5n }), { name: 'Error', message: 'x' }],
  [Object.assign(new Error('x'), { name: {}, message: [] }), {}],
])('TransportError as JSON never throws, with any cause: %#', (cause, told) => {
  const error = JSON.parse(JSON.stringify(new TransportError('io', 'it failed', { cause })));
  expect(error).toEqual({ name: 'TransportError', code: 'io', message: 'it failed', ...(told && { cause: told }) });
});

it('TransportError with the cause undefined has no property cause', () => {
  expect(new TransportError('io', 'x', { cause: undefined })).not.toHaveProperty('cause');
  expect(new TransportError('io', 'x', { cause: 0 }).cause).toBe(0);
});
