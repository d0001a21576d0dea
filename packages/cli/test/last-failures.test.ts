import { type Transport, TransportError, type TransportErrorCode } from '@bluetap/transport';
import { expect, test } from 'vitest';
import { LastFailures } from '../src/devices/last-failures.js';
import { call } from './cli.js';

const HELP = '"bluetap doctor" says why an attached device cannot be used, and what to do.';

/** Makes a transport that lists one device and cannot open it. */
function refusing(code: TransportErrorCode, name = 'hid'): Transport {
  return {
    name,
    list: async () => [{ id: '/dev/hidraw0', serialNumber: 'A1' }],
    open: async () => {
      throw new TransportError(code, 'the HID device /dev/hidraw0 does not open');
    },
  };
}

test.each<[args: string[], code: TransportErrorCode, helped: boolean]>([
  [['pay', '--payment-method', 'TRUEMONEY'], 'permission-denied', true],
  [['cancel'], 'not-found', true],
  [['status'], 'busy', true],
  [['info'], 'permission-denied', true],
  [['info'], 'io', false],
  [['status', '--json'], 'permission-denied', false],
  [['pay', '--payment-method', 'TRUEMONEY', '--json'], 'busy', false],
])('%j with a device that is %s names bluetap doctor: %s (C-27)', async (args, code, helped) => {
  const { code: exitCode, stderr } = await call([...args, '--timeout', '30'], () => [refusing(code)]);
  expect(exitCode).toBe(3);
  expect(stderr.split('\n').includes(HELP)).toBe(helped);
});

test('a library that did not load gets the advice, and a later success removes it (C-27)', async () => {
  let broken = true;
  const failures = new LastFailures();
  const transport = failures.of({
    ...refusing('busy', 'usb'),
    list: async () => {
      if (broken) throw new TransportError('missing-library', 'usb did not load');
      return [];
    },
  });
  expect(failures.advice).toBeUndefined();
  await expect(transport.list()).rejects.toThrow('did not load');
  expect(failures.advice).toBe(HELP);
  broken = false;
  await transport.list();
  expect(failures.advice).toBeUndefined();
});

test('there is no advice for an address (C-27)', () => {
  const socket = refusing('not-found', 'tcp://127.0.0.1:4000');
  expect(new LastFailures().of(socket)).toBe(socket);
});
