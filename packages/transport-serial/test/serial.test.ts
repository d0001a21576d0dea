import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { Emulator, VirtualClock } from '@bluetap/emulator';
import { openPty } from '@bluetap/emulator/node';
import { connect } from '@bluetap/sdk';
import { TransportError } from '@bluetap/transport';
import { listFailure } from '@bluetap/transport/kit';
import { describe, expect, it, vi } from 'vitest';
import { LIBRARY, openError } from '../src/errors.js';
import { serial } from '../src/index.js';
import type { SerialBinding, SerialPortHandle } from '../src/serial-binding.js';
import type { SerialPortInfo } from '../src/usb-ports.js';
import { PtyPeer } from './pty.js';
import { havePty } from './terminal.js';

const nothing = { onData: () => {}, onClose: () => {} };
const ports: SerialPortInfo[] = [
  { path: '/dev/ttyS0' },
  { path: '/dev/ttyACM0', vendorId: '1209', productId: '0001', serialNumber: 'EMU-0001' },
  { path: '/dev/ttyACM1', vendorId: '1209', productId: '0001', serialNumber: 'EMU-0002' },
  { path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001', serialNumber: 'A1' },
];

/** A binding of serialport with one port that never receives a byte. */
function binding(port: Partial<SerialPortHandle> = {}): SerialBinding {
  return {
    list: async () => ports,
    async open() {
      let cancel!: (error: Error) => void;
      const cancelled = new Promise<never>((_, reject) => {
        cancel = reject;
      });
      return {
        read: () => cancelled,
        write: async () => {},
        set: async () => {},
        close: async () => cancel(new Error('Canceled')),
        ...port,
      };
    },
  };
}

describe('list', () => {
  it('contains every port of a BlueTap device, and its serial number', async () => {
    expect(await serial({ load: async () => binding() }).list()).toEqual([
      { id: '/dev/ttyACM0', path: '/dev/ttyACM0', serialNumber: 'EMU-0001', interface: 'CDC-ACM' },
      { id: '/dev/ttyACM1', path: '/dev/ttyACM1', serialNumber: 'EMU-0002', interface: 'CDC-ACM' },
    ]);
    const other = serial({ load: async () => binding(), vendorId: 0x0403, productId: 0x6001 });
    expect((await other.list()).map(({ id }) => id)).toEqual(['/dev/ttyUSB0']);
  });

  it.each([['/dev/ttyS9'], [{ path: 9 }], [{ path: '' }]])('refuses %j as the name of a port', (options) => {
    expect(() => serial(options as never)).toThrow('serial({ path: "/dev/ttyUSB0" })');
  });

  it('contains a named port, and does not ask the library', async () => {
    const transport = serial({ path: '/dev/ttyS9', load: () => Promise.reject(new Error('asked')) });
    expect(transport.name).toBe('serial:/dev/ttyS9');
    expect(await transport.list()).toEqual([{ id: '/dev/ttyS9', path: '/dev/ttyS9', interface: 'serial port' }]);
  });

  it.each([
    ['hangs', () => new Promise<never>(() => {}), 'timeout'],
    [
      'throws',
      () => {
        throw new Error('native');
      },
      'io',
    ],
    [
      'does not load',
      () => Promise.reject(Object.assign(new Error('x'), { code: 'ERR_DLOPEN_FAILED' })),
      'missing-library',
    ],
  ] as const)('rejects with a clear error in time if the native module %s', async (_, list, code) => {
    const clock = new VirtualClock();
    const listing = serial({ load: async () => ({ ...binding(), list }), clock }).list();
    const rejected = expect(listing).rejects.toMatchObject({ name: 'TransportError', code });
    await clock.advance(3000);
    await rejected;
    expect(clock.pending).toBe(0);
  });
});

describe('open', () => {
  // Real messages of serialport: on Debian 12, or in the issues of its repository.
  it.each([
    ['Error: Permission denied, cannot open /dev/ttyACM0', 'linux', 'permission-denied'],
    ['Error Resource temporarily unavailable Cannot lock port', 'linux', 'busy'],
    ['Opening COM3: Access denied', 'win32', 'busy'],
    ['Error: No such file or directory, cannot open /dev/none', 'linux', 'not-found'],
    ['Opening COM9: File not found', 'win32', 'not-found'],
    ['Error: Inappropriate ioctl for device, cannot open /dev/null', 'linux', 'io'],
    ['something new', 'linux', 'io'],
  ] as const)('%s on %s is %s', (message, platform, code) => {
    const error = openError('/dev/ttyACM0', new Error(message), platform);
    expect(error).toMatchObject({ code, cause: { message } });
    expect(error.message).toContain('/dev/ttyACM0');
  });

  it.each([
    ['/tmp', 'Error: Is a directory, cannot open /tmp', 'io'],
    ['/dev/null', 'Error: Inappropriate ioctl for device, cannot open /dev/null', 'io'],
    ['/dev/tty', 'Error: No such device or address, cannot open /dev/tty', 'not-found'],
  ])('of %s rejects because it is not a serial port', (path, said, code) => {
    const error = openError(path, new Error(said), 'linux');
    expect(error.code).toBe(code);
    expect(error.message).toMatch(new RegExp(`^${path} is not a serial port\\b.*: check the path`));
  });

  it('of a denied port says how to get access: the udev rule, or the group of an adaptor', () => {
    const said = (platform: string) => openError('/dev/ttyUSB0', new Error('Permission denied'), platform).message;
    expect(said('linux')).toMatch(/`bluetap udev-rules` prints.*dialout/);
    expect(said('darwin')).not.toContain('dialout');
  });

  it('keeps a TransportError, recognises a library that does not load, and quotes a thrown string', () => {
    const own = new TransportError('timeout', 'x');
    expect(openError('it', own, 'linux')).toBe(own);
    expect(listFailure(own, LIBRARY, 'linux')).toBe(own);
    expect(openError('it', Object.assign(new Error('x'), { code: 'ERR_DLOPEN_FAILED' }), 'linux').code).toBe(
      'missing-library',
    );
    expect(listFailure('a string', LIBRARY, 'linux').message).toContain('a string');
  });

  it('ends in time if the native module hangs, and a device that opens late is closed', async () => {
    const clock = new VirtualClock();
    const close = vi.fn(async () => {});
    let answer!: (port: SerialPortHandle) => void;
    const open = () => new Promise<SerialPortHandle>((resolve) => (answer = resolve));
    const opening = serial({ path: 'x', load: async () => ({ ...binding(), open }), clock }).open({ id: 'x' }, nothing);
    const rejected = expect(opening).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(3000);
    await rejected;
    answer(await binding({ close }).open({ path: 'x', baudRate: 1 }));
    await clock.advance(0);
    expect(close).toHaveBeenCalledOnce();
  });

  it('sets the baud rate of the options, and the lines that say that a host is there', async () => {
    const set = vi.fn(async () => {});
    const open = vi.fn(binding({ set }).open);
    const channel = await serial({ load: async () => ({ ...binding(), open }), baudRate: 9600 }).open(
      { id: '/dev/null' },
      nothing,
    );
    expect(open).toHaveBeenCalledWith({ path: '/dev/null', baudRate: 9600 });
    expect(set).toHaveBeenCalledWith({ dtr: true, rts: true });
    await channel.close();
  });
});

it.each([
  ['rejects', () => Promise.reject(new Error('EIO'))],
  [
    'throws',
    () => {
      throw new Error('EIO');
    },
  ],
] as const)('a write that %s ends the channel with its error', async (_, write) => {
  const onClose = vi.fn();
  const transport = serial({ load: async () => binding({ write }), clock: new VirtualClock() });
  const channel = await transport.open({ id: '/dev/null' }, { onData: () => {}, onClose });
  await expect(channel.write(Uint8Array.of(1))).rejects.toMatchObject({ name: 'TransportError', code: 'disconnected' });
  await channel.close();
  expect(onClose).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'disconnected' }));
});

it('a channel ends if the path of its port disappears, because no read shows a hangup between two reads', async () => {
  const clock = new VirtualClock();
  const onClose = vi.fn();
  await serial({ load: async () => binding(), clock }).open({ id: '/dev/none' }, { onData: () => {}, onClose });
  await clock.advance(1000);
  expect(onClose).toHaveBeenCalledWith(expect.objectContaining({ code: 'disconnected' }));
  expect(clock.pending).toBe(0);
});

describe.skipIf(!havePty)('over a real pseudo-terminal', () => {
  it('a program pays at a device, and all descriptors are closed', async () => {
    await using emulator = new Emulator();
    const listener = await openPty(emulator);
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    await (await connect({ transport: serial({ path: listener.address }) })).close();
    const before = descriptors();
    for (let round = 0; round < 10; round++) {
      const client = await connect({ transport: serial({ path: listener.address }) });
      expect(await client.pay({ paymentMethod: 'ALIPAY_PLUS', amount: '120.00' })).toMatchObject({ code: 'SUCCESS' });
      await client.close();
    }
    expect(descriptors()).toBe(before);
  });

  it('a path that is not a terminal is refused', async () => {
    await expect(serial({ path: '/dev/null' }).open({ id: '/dev/null' }, nothing)).rejects.toMatchObject({
      code: 'io',
    });
  });

  it('ten channels, one after another, work with a device that hangs up', async () => {
    const peer = await PtyPeer.create();
    for (let round = 0; round < 10; round++) {
      let ended!: (error?: TransportError) => void;
      const end = new Promise<TransportError | undefined>((resolve) => {
        ended = resolve;
      });
      const channel = await peer.transport.open({ id: peer.path }, { onData: () => {}, onClose: ended });
      await peer.unplug();
      expect(await end).toMatchObject({ code: 'disconnected' });
      await channel.close();
      await peer.plug();
    }
    await peer.dispose();
  });
});

it('with the real library, on any machine, a program lists devices, cannot open a missing device, and ends', async () => {
  const source = `
    import { serial } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const told = (error) => [error.name, error.code];
    const listed = await serial().list().then((devices) => Array.isArray(devices), told);
    const transport = serial({ path: '/dev/none' });
    const stop = transport.watch(() => {});
    const opened = await transport.open({ id: '/dev/none' }, { onData() {}, onClose() {} }).catch(told);
    stop();
    console.log(JSON.stringify({ listed, opened }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source]);
  const { listed, opened } = JSON.parse(stdout);
  expect([true, ['TransportError', 'missing-library']]).toContainEqual(listed);
  expect(opened).toEqual(['TransportError', 'not-found']);
});
