import type { TransportError } from '@bluetap/transport';
import { BlockedClock } from '@bluetap/transport/conformance';
import { describe, expect, it } from 'vitest';
import { serial } from '../src/index.js';
import type { SerialBinding, SerialPortHandle } from '../src/serial-binding.js';

const nothing = { onData: () => {}, onClose: () => {} };
const port: SerialPortHandle = {
  read: () => new Promise(() => {}),
  write: async () => {},
  set: async () => {},
  close: async () => {},
};

describe('options (C-4, C-5)', () => {
  it.each([
    [{ baudrate: 9600 }, 'baudrate is not an option here'],
    [{ timeout: 1 }, 'timeout is not an option here'],
    [{ baudRate: 0 }, 'baudRate must be a whole number from 1'],
    [{ baudRate: '9600' }, 'baudRate must be a whole number from 1 to 2147483647, but is "9600"'],
    [{ vendorId: 0x10000 }, 'vendorId must be a whole number from 0 to 65535, but is 65536'],
    [{ productId: null }, 'productId must be a whole number from 0 to 65535, but is null'],
    [{ timeoutMs: 0 }, 'timeoutMs must be a number of milliseconds'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs must be a number of milliseconds'],
    [{ load: {} }, 'load must be a function'],
    [{ clock: Date }, 'clock must be a clock'],
    [{ path: 'x', load: null }, 'load must be a function, but is null'],
    [null, 'options must be an object'],
    [5, 'options must be an object'],
    [[], 'options must be an object'],
    ['/dev/ttyUSB0', 'serial({ path: "/dev/ttyUSB0" })'],
    [{ path: null }, 'serial({ path: "/dev/ttyUSB0" })'],
  ])('%j is refused, and the message names it', (options, told) => {
    expect(() => serial(options as never)).toThrow(TypeError);
    expect(() => serial(options as never)).toThrow(told);
  });

  it('that are absent or undefined have their default values', () => {
    expect(serial().name).toBe('serial');
    expect(serial(undefined).name).toBe('serial');
    expect(serial({ path: undefined, timeoutMs: undefined, load: undefined }).name).toBe('serial');
  });
});

describe('a load function of the program (C-1)', () => {
  it.each([
    [
      'throws synchronously',
      () => {
        throw new Error('db locked');
      },
      'io',
      /db locked/,
    ],
    ['rejects with nothing', () => Promise.reject(), 'io', /undefined/],
    ['returns nothing', () => undefined, 'missing-library', /serialport did not load .*no (list|open)/],
    ['returns no promise', () => ({}), 'missing-library', /serialport did not load .*no (list|open)/],
  ])('that %s causes a TransportError', async (_, load, code, message) => {
    const transport = serial({ load: load as never });
    for (const call of [transport.list(), transport.open({ id: 'x' }, nothing)]) {
      await expect(call).rejects.toMatchObject({
        name: 'TransportError',
        code,
        message: expect.stringMatching(message),
      });
    }
  });

  it('can return the library without a promise', async () => {
    const transport = serial({ load: (() => ({ list: async () => [] })) as never });
    expect(await transport.list()).toEqual([]);
  });
});

it('works with destructured methods and behind a Proxy (C-14)', async () => {
  const transport = serial({ path: '/dev/null', load: async () => ({ open: async () => port }) as never });
  const { list, open } = new Proxy(transport, {});
  const [device] = await list();
  const { write, close } = await open(device!, nothing);
  await write(Uint8Array.of(1));
  await close();
});

it('text of a path or of the library cannot control a terminal (C-16)', async () => {
  const load = async (): Promise<SerialBinding> => ({
    list: () => Promise.reject(new Error('two\nlines\u001b[2K')),
    open: () => Promise.reject(new Error('Error: odd\nthing, cannot open it')),
  });
  const id = '/dev/tty\u001b[2K\nSUCCESS';
  const errors = await Promise.all([
    serial({ load }).list().catch(String),
    serial({ load }).open({ id }, nothing).catch(String),
  ]);
  expect(errors).toEqual([
    'TransportError: serial ports cannot be listed: two lines\\u001b[2K',
    'TransportError: the serial port /dev/tty\\u001b[2K\\u000aSUCCESS cannot be opened (Error: odd thing, cannot open it): plug it in again',
  ]);
});

it('a program that was blocked reads the bytes of a port before the port counts as gone (C-28)', async () => {
  const clock = new BlockedClock();
  const told: string[] = [];
  let bring!: (read: { bytesRead: number }) => void;
  const reads = [new Promise<{ bytesRead: number }>((resolve) => (bring = resolve)), new Promise<never>(() => {})];
  const load = async () => ({ open: async () => ({ ...port, read: () => reads.shift()! }) }) as never;
  const closed = new Promise<void>((resolve) => {
    const onClose = (error?: TransportError) => {
      told.push(error!.code);
      resolve();
    };
    const onData = () => {
      told.push('data');
      clock.block(100);
    };
    void serial({ load, clock })
      .open({ id: '/dev/none' }, { onData, onClose })
      .then(() => {
        clock.block(7000);
        bring({ bytesRead: 2 });
      });
  });
  await closed;
  expect(told).toEqual(['data', 'disconnected']);
});

it('the error of an open that took too long says that this program was blocked (C-28)', async () => {
  const clock = new BlockedClock();
  const load = async () => ({ open: () => new Promise(() => {}) }) as never;
  const opening = serial({ load, clock }).open({ id: 'COM3' }, nothing);
  clock.block(9000);
  clock.block(100);
  await expect(opening).rejects.toMatchObject({
    code: 'timeout',
    message:
      'opening the serial port COM3 took longer than 3000 ms: plug the device in again; this program was blocked for 6000 ms',
  });
});
