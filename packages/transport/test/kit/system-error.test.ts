import { describe, expect, it } from 'vitest';
import { messageOf, readSystemError } from '../../src/kit/index.js';

const kindOf = (said: unknown, platform: string, name?: string) => readSystemError(said, platform, name).kind;

describe('a system error (C-26)', () => {
  it.each([
    [5, 'denied', 'permission-denied'],
    [32, 'busy', 'busy'],
    [2, 'absent', 'not-found'],
    [3, 'absent', 'not-found'],
    [1167, 'gone', 'disconnected'],
    [31, 'failing', 'io'],
    [121, 'silent', 'timeout'],
    [995, 'aborted', 'io'],
    [87, 'settings', 'io'],
    [4242, 'unknown', 'io'],
  ])('of Windows is read by its number: %i is %s', (number, kind, code) => {
    const hex = number.toString(16).toUpperCase().padStart(8, '0');
    for (const said of [
      `CreateFile: (0x${hex}) การเข้าถึงถูกปฏิเสธ`,
      `failed to open device (error ${number})`,
      `Opening COM3: Unknown error code ${number}`,
      `transferIn error: Unknown(${number})`,
      `x (0x8007${hex.slice(4)})`,
    ]) {
      expect(readSystemError(new Error(said), 'win32'), said).toMatchObject({ kind, code, said });
    }
  });

  it('is read by its number and not by its words, but by its words if the number is not known', () => {
    expect(kindOf('open: (0x00000020) Access is denied', 'win32')).toBe('busy');
    expect(kindOf('interface not found (error 259)', 'win32')).toBe('absent');
  });

  it('has the meaning of its own system', () => {
    const said = 'failed (error 5)';
    expect([kindOf(said, 'win32'), kindOf(said, 'darwin'), kindOf('failed (errno 5)', 'linux')]).toEqual([
      'denied',
      'unknown',
      'failing',
    ]);
    expect(kindOf('x (error 0xe00002c5)', 'darwin')).toBe('busy');
    expect(kindOf('x: (0xE00002C5) exclusive', 'win32')).toBe('busy');
  });

  it.each([
    ['EACCES', 'denied'],
    ['EPERM', 'denied'],
    ['EBUSY', 'busy'],
    ['ENOENT', 'absent'],
    ['ENXIO', 'no-device'],
    ['ENODEV', 'gone'],
    ['ENOTTY', 'other-thing'],
    ['EPIPE', 'stalled'],
    ['ENEW', 'unknown'],
  ])('with the name %s of Node is %s on every system', (code, kind) => {
    for (const platform of ['win32', 'darwin', 'linux', 'freebsd']) {
      expect(kindOf(Object.assign(new Error('x'), { code }), platform)).toBe(kind);
    }
  });

  it('is not read from the words in the name of a device, even if the name is short', () => {
    expect(kindOf('Permission denied, cannot open /dev/lock-busy', 'linux', '/dev/lock-busy')).toBe('denied');
    expect(kindOf('exclusive use of x', 'linux', 'x')).toBe('busy');
    expect(kindOf('Cannot open (.*): denied', 'linux', '(.*)')).toBe('unknown');
  });

  it('can be any thrown value', () => {
    expect(readSystemError(undefined, 'linux')).toEqual({ kind: 'unknown', code: 'io', said: 'undefined' });
    expect(readSystemError(null, 'linux').said).toBe('null');
    expect(kindOf('No such device', 'linux')).toBe('gone');
    expect(kindOf({ message: 5 }, 'linux')).toBe('unknown');
    expect(readSystemError(new Error('one \r\n  two\nthree\n'), 'linux').said).toBe('one two three');
  });
});

it('every thrown value has a message, and reading the message never throws (C-1)', () => {
  const unreadable = {
    get message() {
      throw new Error('no message');
    },
  };
  for (const thrown of [Object.create(null), unreadable]) {
    expect(messageOf(thrown)).toBe('what was thrown cannot be shown as text');
    expect(readSystemError(thrown, 'linux')).toMatchObject({ code: 'io' });
  }
  expect(messageOf(Symbol('s'))).toBe('Symbol(s)');
});
