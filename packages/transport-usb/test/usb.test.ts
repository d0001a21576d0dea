import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { VirtualClock } from '@bluetap/emulator';
import { TransportError } from '@bluetap/transport';
import { listFailure } from '@bluetap/transport/kit';
import { describe, expect, it, vi } from 'vitest';
import { LIBRARY, openError, transferError } from '../src/errors.js';
import { bulkInterfaceOf } from '../src/find.js';
import { usb } from '../src/index.js';
import type { NodeUsb } from '../src/node-usb.js';
import { configuration, FakeUsb } from './fake-usb.js';

const nothing = { onData: () => {}, onClose: () => {} };

/** Opens the only device of a fake. `closed` resolves with the argument of `onClose`. */
async function open(fake: FakeUsb) {
  const [device] = await fake.transport.list();
  let tell!: (error?: TransportError) => void;
  const closed = new Promise<TransportError | undefined>((resolve) => {
    tell = resolve;
  });
  const received: number[] = [];
  const handlers = { onData: (bytes: Uint8Array) => received.push(...bytes), onClose: tell };
  return { channel: await fake.transport.open(device!, handlers), closed, received };
}

describe('list', () => {
  it('returns the facts that a person needs to choose, and another id after a replug', async () => {
    const fake = new FakeUsb();
    expect(await fake.transport.list()).toEqual([
      {
        id: 'usb:1:1',
        path: 'bus 1 address 1',
        serialNumber: 'EMU-0001',
        product: 'BlueTap',
        interface: 'vendor bulk',
      },
    ]);
    await fake.unplug();
    expect(await fake.transport.list()).toEqual([]);
    await fake.plug();
    expect((await fake.transport.list())[0]?.id).toBe('usb:1:2');
  });

  it('contains no device with other ids, and no device without the bulk interface', async () => {
    const fake = new FakeUsb();
    fake.configurations = [{ configurationValue: 1, interfaces: [configuration.interfaces[0]!] }];
    expect(await fake.transport.list()).toEqual([]);
    const load = async () => new FakeUsb();
    expect(await usb({ load, productId: 2 }).list()).toEqual([]);
    expect(await usb({ load, vendorId: 2 }).list()).toEqual([]);
  });

  it('and open each ask a device once for its description, because a busy device may not answer twice', async () => {
    const fake = new FakeUsb();
    const [listed] = await fake.transport.list();
    expect(fake.descriptions).toBe(1);
    const channel = await fake.transport.open(listed!, nothing);
    expect(fake.descriptions).toBe(2);
    await channel.close();
    await fake.dispose();
  });

  it('finds the interface by its class, with any number', () => {
    const [hid, bulk] = configuration.interfaces;
    const half = { interfaceNumber: 5, alternate: { interfaceClass: 255, endpoints: [bulk!.alternate.endpoints[0]!] } };
    const moved = { ...bulk!, interfaceNumber: 7 };
    const configurations = [{ configurationValue: 3, interfaces: [half, hid!, moved] }];
    expect(bulkInterfaceOf(configurations)).toEqual({ configuration: 3, number: 7, input: 2, output: 2 });
  });

  it.each([
    ['hangs', () => new Promise<never>(() => {}), 'timeout'],
    ['rejects', () => Promise.reject(Object.assign(new Error('getDevices error'), { code: 'GenericFailure' })), 'io'],
    [
      'has no binary for this system',
      () => Promise.reject(new Error('Cannot find native binding.')),
      'missing-library',
    ],
  ] as const)('rejects with a clear error in time if the native module %s', async (_, getDevices, code) => {
    const clock = new VirtualClock();
    const load = async () => ({ usb: { getDevices } }) as unknown as NodeUsb;
    const rejected = expect(usb({ load, clock }).list()).rejects.toMatchObject({ name: 'TransportError', code });
    await clock.advance(3000);
    await rejected;
    expect(clock.pending).toBe(0);
  });
});

describe('open', () => {
  // Real messages of the library: on Debian 12, or in its source.
  it.each([
    ['open error: permission denied (errno 13)', 'linux', 'permission-denied'],
    ['claimInterface error: interface is busy (errno 16)', 'linux', 'busy'],
    ['open error: device disconnected', 'linux', 'not-found'],
    ['open error: NOT_SUPPORTED', 'win32', 'io'],
    ['something new', 'linux', 'io'],
  ] as const)('%s on %s is %s', (message, platform, code) => {
    const error = openError('the USB device usb:1:1', new Error(message), platform);
    expect(error).toMatchObject({ code, cause: { message } });
    expect(error.message).toContain('usb:1:1');
  });

  it('keeps a TransportError, and quotes a thrown string', () => {
    const own = new TransportError('timeout', 'x');
    expect(openError('it', own, 'linux')).toBe(own);
    expect(transferError('it', own, 'linux')).toBe(own);
    expect(listFailure('a string', LIBRARY, 'linux').message).toContain('a string');
  });

  it('of a device that is not there rejects with not-found', async () => {
    await expect(new FakeUsb().transport.open({ id: 'usb:1:9' }, nothing)).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each(['open', 'claimInterface'])('that fails in %s leaves the device closed', async (call) => {
    const fake = new FakeUsb();
    fake.refusals.set(call, new Error('permission denied'));
    await expect(open(fake)).rejects.toMatchObject({ code: 'permission-denied' });
    await fake.dispose();
  });

  it('works for a device that stalls the request for its languages', async () => {
    const fake = new FakeUsb();
    fake.refusals.set('configuration', new Error('stall'));
    const { channel } = await open(fake);
    await channel.close();
    await fake.dispose();
  });

  it('chooses a configuration if the device has none', async () => {
    const fake = new FakeUsb();
    vi.spyOn(Object.getPrototypeOf(fake.list()[0]), 'configuration', 'get').mockReturnValue(null);
    fake.refusals.set('selectConfiguration', new Error('asked for'));
    await expect(open(fake)).rejects.toMatchObject({ message: expect.stringContaining('asked for') });
    vi.restoreAllMocks();
    await fake.dispose();
  });
});

describe('a device that this user may not open', () => {
  it('is listed, and the error of open says what to do', async () => {
    const fake = new FakeUsb();
    const denied = new Error('open error: permission denied (errno 13)');
    for (const call of ['configurations', 'strings', 'open']) fake.refusals.set(call, denied);
    const listed = await fake.transport.list();
    expect(listed).toEqual([{ id: 'usb:1:1', path: 'bus 1 address 1', interface: 'vendor bulk' }]);
    await expect(fake.transport.open(listed[0]!, nothing)).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringContaining('bluetap udev-rules'),
    });
    await fake.dispose();
  });

  it('that does not report its interfaces in time has not answered', async () => {
    const fake = new FakeUsb();
    // Seen in the kernel suite: the time of the library for the name of an interface was over.
    fake.refusals.set('configurations', new Error('getString error: transfer was cancelled'));
    await expect(fake.transport.open({ id: 'usb:1:1' }, nothing)).rejects.toMatchObject({
      code: 'timeout',
      message:
        'the USB device usb:1:1 did not answer, or was unplugged (getString error: transfer was cancelled): plug it in again',
    });
    await fake.dispose();
  });

  it('without such an interface is not opened', async () => {
    const fake = new FakeUsb();
    const listed = await fake.transport.list();
    fake.refusals.set('configurations', new Error('not yet'));
    const opening = fake.transport.open(listed[0]!, nothing);
    await expect(opening).rejects.toMatchObject({ name: 'TransportError' });
    await fake.dispose();
  });
});

describe('a channel', () => {
  it('to a device that sends empty packets pauses between the reads', async () => {
    const fake = new FakeUsb();
    const { channel, received } = await open(fake);
    let reads = 0;
    fake.emptyPackets = () => {
      reads++;
      return true;
    };
    await vi.waitUntil(() => reads > 5);
    fake.emptyPackets = () => false;
    await fake.send(Uint8Array.of(1, 2, 3));
    await vi.waitUntil(() => received.length === 3);
    expect(reads).toBeLessThan(1000);
    await channel.close();
    await fake.dispose();
  });

  it('to a device that accepts nothing ends the write in time', async () => {
    const fake = new FakeUsb();
    const { channel, closed } = await open(fake);
    await fake.stall();
    await expect(channel.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'timeout' });
    expect(await closed).toMatchObject({ code: 'timeout' });
    await channel.close();
    await fake.dispose();
  });

  it('stays open while reads find nothing', async () => {
    const fake = new FakeUsb();
    const { channel, received } = await open(fake);
    await vi.waitUntil(() => fake.idleReads > 2);
    await fake.send(Uint8Array.of(1, 2, 3));
    await vi.waitUntil(() => received.length === 3);
    await channel.close();
    await fake.dispose();
  });

  // Linux loses bytes that come while a read is cancelled. With reads of 250 ms, this happened to replies.
  it('rarely cancels a read, and never for close, because the device ends the last read', async () => {
    const fake = new FakeUsb();
    const { channel } = await open(fake);
    await channel.close();
    expect(fake.idleReads).toBe(0);
    expect(fake.patience).toBeGreaterThanOrEqual(2000);
    await fake.dispose();
    const again = await open(fake);
    await fake.send(Uint8Array.of(1, 2, 3));
    await vi.waitUntil(() => again.received.length === 3);
    await again.channel.close();
    await fake.dispose();
  });

  it.each(['in', 'out'] as const)(
    'to a device that stalls %s clears the halt, so that no halt stays after the channel',
    async (direction) => {
      const fake = new FakeUsb();
      const { channel, closed, received } = await open(fake);
      if (direction === 'in') {
        fake.device!.halted = true;
        fake.device!.wake();
        await vi.waitUntil(() => !fake.device!.halted);
        await fake.send(Uint8Array.of(1, 2, 3));
        await vi.waitUntil(() => received.length === 3);
      } else {
        fake.device!.outHalted = true;
        await expect(channel.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'io' });
        expect(await closed).toMatchObject({ code: 'io' });
      }
      await channel.close();
      await fake.dispose();
    },
  );

  it('to a device that cannot halt its endpoint closes after the timeout of its read', async () => {
    const fake = new FakeUsb();
    fake.refusals.set('controlTransferOut', new Error('controlTransferOut error: Stall'));
    const { channel } = await open(fake);
    await channel.close();
    await fake.channelsClosed();
    expect(fake.idleReads).toBe(1);
    await vi.waitUntil(() => !fake.handles.some(({ opened }) => opened));
    await fake.dispose();
  });

  it.each([
    ['fails', new Error('transferIn error: Fault'), 'io'],
    ['stalls', new Error('transferIn error: Stall'), 'io'],
    ['finds no device', new Error('transferIn error: Disconnected'), 'disconnected'],
  ] as const)('on which every read %s ends, and stops reading', async (_, error, code) => {
    const fake = new FakeUsb();
    const { channel, closed } = await open(fake);
    fake.refusals.set('transferIn', error);
    expect(await closed).toMatchObject({ code });
    await channel.close();
    await fake.dispose();
  });

  it.each([
    ['fails', new Error('transferOut error: Fault'), 'io'],
    ['is ended by an unplug', new Error('transferOut error: Cancelled'), 'disconnected'],
    ['finds no device', new Error('transferOut error: Disconnected'), 'disconnected'],
  ] as const)(
    'on which a write %s ends, because a later write would not begin at a frame boundary',
    async (_, error, code) => {
      const fake = new FakeUsb();
      const { channel, closed } = await open(fake);
      fake.refusals.set('transferOut', error);
      await expect(channel.write(Uint8Array.of(1))).rejects.toMatchObject({ code });
      expect(await closed).toMatchObject({ code });
      await channel.close();
      await fake.dispose();
    },
  );
});

it('a library that throws instead of rejecting causes no unhandled error, and the device is closed', async () => {
  const fake = new FakeUsb();
  const { channel, closed } = await open(fake);
  const handle = fake.handles.find(({ opened }) => opened)!;
  const throwing = (): never => {
    throw new Error('fault');
  };
  Object.assign(handle, { clearHalt: throwing, releaseInterface: throwing });
  fake.refusals.set('transferIn', new Error('transferIn error: Stall'));
  expect(await closed).toMatchObject({ code: 'io' });
  await channel.close();
  expect(handle.opened).toBe(false);
});

it('with the real library, on any machine, a program lists devices, cannot open a missing device, and ends', async () => {
  const source = `
    import { usb } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const transport = usb();
    const told = (error) => [error.name, error.code];
    const listed = await transport.list().then((devices) => Array.isArray(devices), told);
    const stop = transport.watch(() => {});
    const opened = await transport.open({ id: 'usb:none' }, { onData() {}, onClose() {} }).catch(told);
    stop();
    console.log(JSON.stringify({ listed, opened }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source]);
  expect(JSON.parse(stdout)).toEqual({ listed: true, opened: ['TransportError', 'not-found'] });
});
