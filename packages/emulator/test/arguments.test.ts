import * as emulatorModule from '@bluetap/emulator';
import { cutAfter, delayReplies, Emulator, ignoreRequests, loseReplies, VirtualClock } from '@bluetap/emulator';
import { exportUsb, listen, openPty } from '@bluetap/emulator/node';
import { expect, test } from 'vitest';
import { RawHost } from './raw-host.js';

/** A value that a program in JavaScript, or a program that reads its settings from a file, can pass. */
// biome-ignore lint/suspicious/noExplicitAny: the tests pass wrong types.
const any = (value: unknown): any => value;

test.each<[message: string, call: () => unknown]>([
  ['new Emulator(): options must be an object with named options, but is null', () => new Emulator(any(null))],
  ['new Emulator(): options must be an object with named options, but is "EMU-1"', () => new Emulator(any('EMU-1'))],
  ['new Emulator(): serial is not an option here; these are: serialNumber, ', () => new Emulator(any({ serial: 'A' }))],
  ['new Emulator(): serialNumber must be a string, but is 7', () => new Emulator({ serialNumber: any(7) })],
  ['firmware must be a string, but is null', () => new Emulator({ firmware: any(null) })],
  ['tapSource must be one of read, field, none, but is "reads"', () => new Emulator({ tapSource: any('reads') })],
  ['linkTemplate must be a string, but is an object', () => new Emulator({ linkTemplate: any(new URL('x:y')) })],
  ['clock must be a clock with now', () => new Emulator({ clock: any(Date) })],
  ['random must be a function, but is 4', () => new Emulator({ random: any(4) })],
  ['onEvent must be a function, but is an object', () => new Emulator({ onEvent: any({}) })],
  ['onError must be a function, but is true', () => new Emulator({ onError: any(true) })],
  ["unplug(): power must be 'kept' or 'lost', but is \"off\"", () => new Emulator().unplug({ power: any('off') })],
  ['unplug(): options must be an object with named options, but is "lost"', () => new Emulator().unplug(any('lost'))],
  ['unplug(): Power is not an option here; these are: power', () => new Emulator().unplug(any({ Power: 'lost' }))],
  ["nfcFault must be true, false, 'on-pay' or 'stuck'", () => Object.assign(new Emulator(), { nfcFault: 'pay' })],
  ['use(): a behaviour must be an object with a name', () => new Emulator().use(any(undefined))],
  ['use(): a behaviour must be an object with a name', () => new Emulator().use(any(loseReplies))],
  ['use(): a behaviour must be an object with a name', () => new Emulator().use(any({ name: 'x', onframe: () => {} }))],
  ['use(): a behaviour must be an object with a name', () => new Emulator().use(any({ name: 'x', onFrame: 1 }))],
  ['attach(): a peer must be an object with a name', () => new Emulator().attach(any({ name: 'x', send: () => {} }))],
  ['attach(): a peer must be an object with a name', () => new Emulator().attach(any(null))],
  ['follow(): a follower must be an object', () => new Emulator().follow(any(() => {}))],
  ['follow(): onPlug must be a function', () => new Emulator().follow({ onPlug: any(1) })],
  ['loseReplies(): times must be a whole number, 0 or more, or Infinity, but is "1"', () => loseReplies(any('1'))],
  ['loseReplies(): times must be a whole number, 0 or more, or Infinity, but is undefined', any(loseReplies)],
  ['ignoreRequests(): times must be a whole number', () => ignoreRequests(-1)],
  ['delayReplies(): typ is not an option here; these are: type, times', () => delayReplies(1, any({ typ: 'PAY' }))],
  ['delayReplies(): type must be one of HELLO, PAY', () => delayReplies(1, { type: any('pay') })],
  ['delayReplies(): ms must be a number of milliseconds', () => delayReplies(2 ** 31)],
  ['delayReplies(): ms must be a number of milliseconds', () => delayReplies(Number.NaN)],
  ['delayReplies(): options must be an object', () => delayReplies(1, any('PAY'))],
  ['delayReplies(): options must be an object', () => delayReplies(1, any(null))],
  ['cutAfter(): bytes must be a whole number', () => cutAfter(any('4'))],
])('(C-5) %s', (message, call) => {
  expect(call).toThrow(TypeError);
  expect(call).toThrow(message);
});

const {
  duplicateReplies,
  wrongSession,
  wrongSequence,
  wrongType,
  corruptReplies,
  noiseBeforeReplies,
  stutter,
  refuse,
  restartBeforeExecuting,
  restartAfterExecuting,
  unplugAfterExecuting,
  silent,
} = emulatorModule;

const withOptions: Readonly<Record<string, (options: never) => unknown>> = {
  ignoreRequests: (options) => ignoreRequests(1, options),
  loseReplies: (options) => loseReplies(1, options),
  delayReplies: (options) => delayReplies(1, options),
  duplicateReplies,
  wrongSession,
  wrongSequence,
  wrongType,
  corruptReplies,
  noiseBeforeReplies: (options) => noiseBeforeReplies(undefined, options),
  stutter,
  refuse: (options) => refuse(1, options),
  cutAfter: (options) => cutAfter(1, options),
  restartBeforeExecuting,
  restartAfterExecuting,
  unplugAfterExecuting,
};

test('(C-5) every ready-made behaviour checks its arguments and accepts correct ones', () => {
  const behaviours = Object.entries(emulatorModule).flatMap(([name, value]) =>
    typeof value === 'function' && /^[a-z]/.test(name) && name !== 'encodeUriMessage' ? [name] : [],
  );
  expect(behaviours.toSorted()).toEqual([...Object.keys(withOptions), silent.name].toSorted());
  for (const [name, make] of Object.entries(withOptions)) {
    const given = (options: unknown) => () => make(options as never);
    expect(given({ typ: 'PAY' })).toThrow(`${name}(): typ is not an option here`);
    expect(given({ type: 'pay' })).toThrow(
      `${name}(): type must be one of HELLO, PAY, CANCEL, STATUS, LINK, but is "pay"`,
    );
    expect(given(null)).toThrow(TypeError);
    expect(given({ type: 'PAY' })()).toMatchObject({ name });
    expect(given(undefined)()).toMatchObject({ name });
  }
  expect(() => noiseBeforeReplies([1] as never)).toThrow('noise must be bytes');
  expect(() => stutter({ gapMs: -1 })).toThrow('gapMs must be a number of milliseconds');
  expect(() => refuse(256)).toThrow('reason must be a whole number from 0 to 255');
  expect(() => unplugAfterExecuting({ power: 'off' as never })).toThrow("power must be 'kept' or 'lost'");
});

test.each<[message: string, call: () => Promise<unknown>]>([
  ['listen(): the first argument must be an Emulator', () => listen(any({}), { tcp: '0' })],
  ['listen(): give exactly one of tcp and unix', () => listen(new Emulator(), any({}))],
  ['listen(): give exactly one of tcp and unix', () => listen(new Emulator(), any(undefined))],
  ['listen(): give exactly one of tcp and unix', () => listen(new Emulator(), any({ tcp: '0', unix: 'a' }))],
  ['listen(): options must be an object', () => listen(new Emulator(), any('127.0.0.1:0'))],
  ['listen(): tcp must be a string, but is 4000', () => listen(new Emulator(), { tcp: any(4000) })],
  ['listen(): port is not an option here; these are: tcp, unix', () => listen(new Emulator(), any({ port: 1 }))],
  ['openPty(): the first argument must be an Emulator', () => openPty(any(undefined))],
  ['openPty(): onAddress must be a function', () => openPty(new Emulator(), { onAddress: any('x') })],
  ['openPty(): onaddress is not an option here', () => openPty(new Emulator(), any({ onaddress: () => {} }))],
  ['openPty(): options must be an object', () => openPty(new Emulator(), any(null))],
  ['exportUsb(): the first argument must be an Emulator', () => exportUsb(any([new Emulator(), 'x']))],
  ['exportUsb(): tcp must be a string, but is 3240', () => exportUsb(new Emulator(), { tcp: any(3240) })],
  ['exportUsb(): port is not an option here; these are: tcp', () => exportUsb(new Emulator(), any({ port: 1 }))],
])('(C-5) %s', async (message, call) => {
  const failed = await call().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(TypeError);
  expect((failed as TypeError).message).toContain(message);
});

test('(C-5, C-14) the functions of an exported USB device check their arguments and work detached', async () => {
  await using emulator = new Emulator();
  const { devices } = await exportUsb(emulator, { tcp: '0' });
  const { halt, nak } = devices[0]!;
  expect(() => halt(any('usb'), 'in')).toThrow('halt(): functionName must be one of hid, bulk, cdc, but is "usb"');
  expect(() => halt('hid', any('up'))).toThrow('halt(): direction must be one of in, out');
  expect(() => nak('bulk', any(5))).toThrow('nak(): onWaiting must be a function');
  halt('hid', 'in');
  nak('bulk')();
});

test('(C-14) the emulator, its transport, its channels and the clock work detached and behind a Proxy', async () => {
  const clock = new Proxy(new VirtualClock(), {});
  const { advance, now, setTimeout } = clock;
  const emulator = new Proxy(new Emulator({ clock }), {});
  const { plug, unplug, powerCycle, tap, use, transport: makeTransport, close } = emulator;
  const host = new RawHost(emulator);
  expect(host.hello()).toMatchObject({ result: 'SUCCESS' });
  host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY', expiryTime: 1 });
  expect(tap()).toMatchObject({ taps: 1 });
  let fired = false;
  setTimeout(() => {
    fired = true;
  }, 10);
  await advance(1000);
  expect([fired, now(), emulator.snapshot.state]).toEqual([true, 1000, 'expired']);
  use({ name: 'nothing', onFrame: () => {} })();
  emulator.nfcFault = true;
  expect(emulator.nfcFault).toBe(true);
  emulator.nfcFault = false;

  const transport = new Proxy(makeTransport(), {});
  const { list, open, watch } = transport;
  let changes = 0;
  const stop = watch!(() => changes++);
  const [device] = await list();
  const { write, close: closeChannel } = new Proxy(await open(device!, { onData: () => {}, onClose: () => {} }), {});
  await write(Uint8Array.of(0));
  await closeChannel();
  unplug();
  plug();
  powerCycle();
  await advance(0);
  expect(changes).toBe(4);
  stop();
  expect(`${emulator}`).toBe('simulated device EMU-0001');
  await close();
  expect(emulator.closed).toBe(true);
});
