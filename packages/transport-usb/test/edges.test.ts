import { BlockedClock } from '@bluetap/transport/conformance';
import { describe, expect, it } from 'vitest';
import { usb } from '../src/index.js';
import { FakeUsb } from './fake-usb.js';

const nothing = { onData: () => {}, onClose: () => {} };
const id = 'usb:1:1';

describe('options (C-4, C-5)', () => {
  it.each([
    [{ interface: 1 }, 'interface is not an option here; these are: vendorId, productId, timeoutMs, load, clock'],
    [{ vendorId: 0x1209n }, 'vendorId must be a whole number from 0 to 65535, but is 4617'],
    [{ productId: 1.5 }, 'productId must be a whole number from 0 to 65535, but is 1.5'],
    [{ timeoutMs: -1 }, 'timeoutMs must be a number of milliseconds from 1 to 2147483647, but is -1'],
    [{ load: null }, 'load must be a function, but is null'],
    [{ clock: 0 }, 'clock must be a clock'],
    [null, 'options must be an object with named options, but is null'],
    [[], 'options must be an object with named options, but is an object'],
  ])('%o is refused, and the message names it', (options, told) => {
    expect(() => usb(options as never)).toThrow(TypeError);
    expect(() => usb(options as never)).toThrow(`usb(): ${told}`);
  });

  it('that are absent or undefined have their default values', () => {
    for (const options of [undefined, {}, { timeoutMs: undefined }]) expect(usb(options).name).toBe('usb');
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
    ],
    ['rejects with nothing', () => Promise.reject(), 'io'],
    ['returns nothing', () => undefined, 'missing-library'],
    ['returns no promise', () => ({}), 'missing-library'],
  ])('that %s causes a TransportError', async (_, load, code) => {
    const transport = usb({ load: load as never });
    for (const call of [transport.list(), transport.open({ id }, nothing)]) {
      await expect(call).rejects.toMatchObject({ name: 'TransportError', code });
    }
  });
});

it('works with destructured methods and behind a Proxy (C-14)', async () => {
  const fake = new FakeUsb();
  const { list, open } = new Proxy(usb({ load: async () => fake }), {});
  const [device] = await list();
  const { write, close } = await open(device!, nothing);
  await write(Uint8Array.of(1));
  await close();
  await fake.dispose();
});

it('text of the library cannot control a terminal (C-16)', async () => {
  const fake = new FakeUsb();
  fake.refusals.set('open', new Error('open error: odd\nthing\u001b[2K'));
  expect(
    await usb({ load: async () => fake })
      .open({ id }, nothing)
      .catch(String),
  ).toBe('TransportError: the USB device usb:1:1 cannot be opened (open error: odd thing\\u001b[2K): plug it in again');
  await fake.dispose();
});

it('an onData that throws is not a fault of the device, and does not end the program (C-1)', async () => {
  const fake = new FakeUsb();
  let close!: (error: unknown) => void;
  const closed = new Promise((resolve) => (close = resolve));
  const onData = () => {
    throw new Error('db locked');
  };
  const channel = await usb({ load: async () => fake }).open({ id }, { onData, onClose: close });
  await fake.send(Uint8Array.of(1, 2, 3));
  expect(await closed).toMatchObject({ code: 'io', message: expect.stringContaining('db locked') });
  await channel.close();
  await fake.dispose();
});

describe('a write that was cancelled (C-28)', () => {
  it.each([
    [100, 'disconnected', /was unplugged/],
    [500, 'timeout', /took no bytes for 500 ms: plug it in again$/],
    [
      8000,
      'timeout',
      /took no bytes for 500 ms, or was unplugged: plug it in again; this program was blocked for 7500 ms$/,
    ],
  ])('after %i ms on the clock of this program', async (ms, code, message) => {
    const clock = new BlockedClock();
    const fake = new FakeUsb();
    const channel = await usb({ load: async () => fake, clock }).open({ id }, nothing);
    const handle = fake.handles.find(({ claimed }) => claimed)!;
    handle.transferOut = async () => {
      clock.block(ms);
      throw new Error('transferOut error: Cancelled');
    };
    await expect(channel.write(Uint8Array.of(1))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    await channel.close();
    await fake.dispose();
  });
});

it('the error of an open that took too long says that this program was blocked (C-28)', async () => {
  const clock = new BlockedClock();
  const listing = usb({ load: () => new Promise(() => {}), clock }).list();
  clock.block(9000);
  clock.block(100);
  await expect(listing).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/^listing the USB devices .*; this program was blocked for 6000 ms$/),
  });
});
