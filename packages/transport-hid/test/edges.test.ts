import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BlockedClock } from '@bluetap/transport/conformance';
import { describe, expect, it } from 'vitest';
import { hid } from '../src/index.js';
import { FakeHid } from './fake-hid.js';

const nothing = { onData: () => {}, onClose: () => {} };

describe('options (C-4, C-5)', () => {
  it.each([
    [{ vendorID: 1 }, 'vendorID is not an option here; these are: vendorId, productId, timeoutMs, load, clock'],
    [{ path: '/dev/hidraw0' }, 'path is not an option here'],
    [{ vendorId: -1 }, 'vendorId must be a whole number from 0 to 65535, but is -1'],
    [{ productId: '1' }, 'productId must be a whole number from 0 to 65535, but is "1"'],
    [{ timeoutMs: '3000' }, 'timeoutMs must be a number of milliseconds from 1 to 2147483647, but is "3000"'],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, 'timeoutMs must be a number of milliseconds'],
    [{ load: 'node-hid' }, 'load must be a function'],
    [{ clock: {} }, 'clock must be a clock with now, setTimeout and clearTimeout'],
    [null, 'options must be an object with named options, but is null'],
    [5, 'options must be an object with named options, but is 5'],
    ['/dev/hidraw0', 'options must be an object with named options, but is "/dev/hidraw0"'],
  ])('%j is refused, and the message names it', (options, told) => {
    expect(() => hid(options as never)).toThrow(TypeError);
    expect(() => hid(options as never)).toThrow(`hid(): ${told}`);
  });

  it('that are absent or undefined have their default values', () => {
    for (const options of [undefined, {}, { vendorId: undefined, clock: undefined }])
      expect(hid(options).name).toBe('hid');
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
    const transport = hid({ load: load as never });
    for (const call of [transport.list(), transport.open({ id: 'x' }, nothing)]) {
      await expect(call).rejects.toMatchObject({ name: 'TransportError', code });
    }
  });
});

it('works with destructured methods and behind a Proxy (C-14)', async () => {
  const fake = new FakeHid();
  const { list, open } = new Proxy(hid({ load: async () => fake }), {});
  const [device] = await list();
  const { write, close } = await open(device!, nothing);
  await write(Uint8Array.of(1));
  await close();
  await fake.dispose();
});

it('text of a path or of the library cannot control a terminal (C-16)', async () => {
  const fake = new FakeHid();
  fake.refusal = new Error('Error: odd\nthing\u001b[2K');
  const id = '/dev/hid\u001b[2K\nSUCCESS';
  expect(
    await hid({ load: async () => fake })
      .open({ id }, nothing)
      .catch(String),
  ).toBe(
    'TransportError: the HID device /dev/hid\\u001b[2K\\u000aSUCCESS cannot be opened (Error: odd thing\\u001b[2K): plug it in again',
  );
});

it('an onData that throws is not a fault of the device, and does not end the program (C-1)', async () => {
  const fake = new FakeHid();
  const onData = () => {
    throw new Error('db locked');
  };
  let close!: (error: unknown) => void;
  const closed = new Promise((resolve) => (close = resolve));
  await hid({ load: async () => fake }).open({ id: fake.path }, { onData, onClose: close });
  await fake.send(Uint8Array.of(1, 2, 3));
  expect(await closed).toMatchObject({
    code: 'io',
    message:
      "the HID device /dev/hidraw0: this program's onData failed (db locked), so the channel was ended: repair onData",
  });
  await fake.channelsClosed();
  await fake.dispose();
});

it.each([
  ['listing the HID devices', (clock: BlockedClock) => hid({ load: () => new Promise(() => {}), clock }).list()],
  [
    'opening the HID device x',
    (clock: BlockedClock) => hid({ load: () => new Promise(() => {}), clock }).open({ id: 'x' }, nothing),
  ],
])('the error of %s that took too long says that this program was blocked (C-28)', async (what, call) => {
  const clock = new BlockedClock();
  const called = call(clock);
  clock.block(9000);
  clock.block(100);
  await expect(called).rejects.toMatchObject({
    code: 'timeout',
    message: `${what} took longer than 3000 ms: plug the device in again; this program was blocked for 6000 ms`,
  });
});

it('if Node loads no native parts, the real library is missing, and the message says why (C-19)', async () => {
  const source = `
    import { hid } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const { code, message } = await hid().list().catch((error) => error);
    console.log(JSON.stringify({ code, message }));`;
  const flags = ['--no-addons', '--input-type=module', '-e', source];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  expect(JSON.parse(stdout)).toEqual({
    code: 'missing-library',
    message:
      "node-hid did not load (Cannot load native addon because loading addons is disabled): start Node without --no-addons; with Node's permission model, add --allow-addons",
  });
});
