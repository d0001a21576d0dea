import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { VirtualClock } from '@bluetap/emulator';
import { TransportError } from '@bluetap/transport';
import { listFailure } from '@bluetap/transport/kit';
import { describe, expect, it, vi } from 'vitest';
import { channelError, LIBRARY, openError } from '../src/errors.js';
import { hid } from '../src/index.js';
import type { NodeHid } from '../src/node-hid.js';
import { FakeHid } from './fake-hid.js';

const handlers = { onData: () => {}, onClose: () => {} };

describe('list', () => {
  it('returns the facts that a person needs to choose', async () => {
    expect(await new FakeHid().transport.list()).toEqual([
      { id: '/dev/hidraw0', path: '/dev/hidraw0', serialNumber: 'EMU-0001', product: 'BlueTap', interface: 'HID' },
    ]);
  });

  it('contains each device once, and no other interface of a device', async () => {
    const fake = new FakeHid();
    fake.entries = [
      { path: 'a', usagePage: 0xff00, usage: 1 },
      { path: 'a', usagePage: 0xff00, usage: 1 },
      { path: 'b', usagePage: 0xff00, usage: 2 },
      { path: 'c', usagePage: 1, usage: 6 },
      { path: 'untold' },
      { path: 'unknown', usagePage: 0, usage: 0 },
      {},
    ];
    expect((await fake.transport.list()).map(({ id }) => id)).toEqual(['a', 'untold', 'unknown']);
  });

  it('asks the library for the ids in the options', async () => {
    const devicesAsync = vi.fn(async () => []);
    const load = async (): Promise<NodeHid> => ({ devicesAsync, HIDAsync: { open: () => Promise.reject() } });
    await hid({ load }).list();
    await hid({ load, vendorId: 0x1234, productId: 0x5678 }).list();
    expect(devicesAsync.mock.calls).toEqual([
      [0x1209, 0x0001],
      [0x1234, 0x5678],
    ]);
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
    ['rejects', () => Promise.reject('a string'), 'io'],
    [
      'lacks a system library',
      () => Promise.reject(Object.assign(new Error('libudev.so.1: cannot open'), { code: 'ERR_DLOPEN_FAILED' })),
      'missing-library',
    ],
  ] as const)('rejects with a clear error in time if the native module %s', async (_, devicesAsync, code) => {
    const clock = new VirtualClock();
    const load = async () => ({ devicesAsync }) as unknown as NodeHid;
    const listing = hid({ load, clock }).list();
    const rejected = expect(listing).rejects.toMatchObject({ name: 'TransportError', code });
    await clock.advance(3000);
    await rejected;
    expect(clock.pending).toBe(0);
  });
});

describe('open', () => {
  it('ends in time if the native module hangs, and a device that opens late is closed', async () => {
    const clock = new VirtualClock();
    let open!: (handle: unknown) => void;
    const close = vi.fn(async () => {});
    const load = async () =>
      ({ HIDAsync: { open: () => new Promise((resolve) => (open = resolve)) } }) as unknown as NodeHid;
    const opening = hid({ load, clock }).open({ id: 'x' }, handlers);
    const rejected = expect(opening).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('x') });
    await clock.advance(3000);
    await rejected;
    open({ close });
    await clock.advance(0);
    expect(close).toHaveBeenCalledOnce();
  });

  // Real messages of node-hid: on Debian 12, or in the issues of its repository.
  it.each([
    [
      "cannot open device with path /dev/hidraw0: Failed to open a device with path '/dev/hidraw0': Permission denied",
      'permission-denied',
    ],
    ['cannot open device with path /dev/hidraw9', 'not-found'],
    [
      "cannot open device with path /dev/hidraw9: Failed to open a device with path '/dev/hidraw9': No such file or directory",
      'not-found',
    ],
    ['hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002C5) (iokit/common) exclusive access', 'busy'],
    ['something new', 'io'],
  ] as const)('%s', (message, code) => {
    const error = openError('/dev/hidraw0', new Error(message), 'linux');
    expect(error).toMatchObject({ code, cause: { message } });
    expect(error.message).toContain('/dev/hidraw0');
  });

  it('keeps a TransportError, and distinguishes a missing library from a missing device', () => {
    const own = new TransportError('timeout', 'x');
    expect(openError('/dev/hidraw0', own, 'linux')).toBe(own);
    const missing = Object.assign(
      new Error('libudev.so.1: cannot open shared object file: No such file or directory'),
      {
        code: 'ERR_DLOPEN_FAILED',
      },
    );
    expect(openError('/dev/hidraw0', missing, 'linux').message).toContain('libudev1');
    expect(listFailure('a string', LIBRARY, 'linux').message).toContain('a string');
  });

  it('with an empty id rejects with not-found', async () => {
    await expect(hid().open({ id: '' }, handlers)).rejects.toMatchObject({ code: 'not-found' });
  });
});

it('an error of the library after close is ignored', async () => {
  const fake = new FakeHid();
  const onClose = vi.fn();
  const [device] = await fake.transport.list();
  const channel = await fake.transport.open(device!, { onData: () => {}, onClose });
  const handle = fake.handles[0]!;
  handle.vanish();
  await channel.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(onClose).toHaveBeenCalledOnce();
  await fake.dispose();
});

it('watch does not list devices while a channel is open', async () => {
  const fake = new FakeHid();
  const look = vi.spyOn(fake, 'devicesAsync');
  const channel = await fake.transport.open({ id: fake.path }, handlers);
  const stop = fake.transport.watch!(() => {});
  await channel.write(Uint8Array.of(1, 0));
  expect(look).not.toHaveBeenCalled();
  stop();
  await channel.close();
});

it('with the real node-hid, on any machine, a program lists devices, cannot open a missing device, and ends', async () => {
  const source = `
    import { hid } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const transport = hid();
    const told = (error) => [error.name, error.code];
    const listed = await transport.list().then((devices) => Array.isArray(devices), told);
    const stop = transport.watch(() => {});
    const opened = await transport.open({ id: '/dev/hidraw-none' }, { onData() {}, onClose() {} }).catch(told);
    stop();
    console.log(JSON.stringify({ listed, opened }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source]);
  const { listed, opened } = JSON.parse(stdout);
  expect([true, ['TransportError', 'missing-library']]).toContainEqual(listed);
  expect(opened).toEqual(['TransportError', listed === true ? 'not-found' : 'missing-library']);
});

it('distinguishes a device that stalls a write from a device that is gone', () => {
  const said = (message: string) => channelError('/dev/hidraw0', new Error(message), 'linux').message;
  expect(said('Cannot write to hid device: Broken pipe')).toMatch(
    /^the HID device \/dev\/hidraw0 does not accept data .*plug/,
  );
  expect(said('Cannot write to hid device: No such device')).toMatch(/was unplugged/);
  expect(said('could not read from HID device')).toMatch(/was unplugged/);
});
