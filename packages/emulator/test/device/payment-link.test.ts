import { Emulator, type EmulatorEvent, VirtualClock } from '@bluetap/emulator';
import { encodeMessage, Reason } from '@bluetap/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { RawHost } from '../raw-host.js';

let clock: VirtualClock;
let emulator: Emulator;
let host: RawHost;
let events: EmulatorEvent[];

beforeEach(() => {
  clock = new VirtualClock();
  events = [];
  emulator = new Emulator({ clock, onEvent: (event) => events.push(event) });
  host = new RawHost(emulator);
  host.hello();
});

const pay = (fields: object = {}) => host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY', orderId: 'A', ...fields });
const links = () => host.take().map((decoded) => (decoded.ok ? decoded.message : decoded.error));
const link = (sequence: number, rest: object) => ({
  type: 'LINK',
  session: host.session,
  sequence,
  orderId: 'A',
  ...rest,
});

describe('expiry', () => {
  test.each([1, 900, 86_400, 86_401, 2_147_483_647])('after %d s, not before; reported once', async (expiryTime) => {
    expect(pay({ expiryTime })).toMatchObject({ state: 'ready', remaining: expiryTime });
    expect(clock.pending).toBe(1);
    await clock.advance(expiryTime * 1000 - 1);
    expect(emulator.snapshot).toMatchObject({ state: 'ready', remaining: 1 });
    expect(links()).toEqual([]);
    await clock.advance(1);
    expect(links()).toEqual([link(1, { state: 'expired' })]);
    expect(emulator.snapshot).toEqual({
      simulated: true,
      serialNumber: 'EMU-0001',
      plugged: true,
      state: 'expired',
      taps: 0,
    });
    expect(emulator.tap()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test('is 900 s if the PAY has no expiry time', () => {
    expect(pay()).toMatchObject({ remaining: 900 });
  });

  test('is found at the next request even if the timer is late, and reported before the answer', () => {
    let now = 200_000.1;
    const late = { now: () => now, setTimeout: () => 1, clearTimeout: () => {} };
    emulator = new Emulator({ clock: late });
    host = new RawHost(emulator);
    host.hello();
    // In floating point 200000.1 + 900000 - 200000.1 is more than 900000, which must not be rounded up to 901 s.
    expect(pay()).toMatchObject({ remaining: 900 });
    now += 900_001;
    expect(emulator.snapshot.state).toBe('expired');
    expect(links()).toEqual([link(1, { state: 'expired' })]);
    expect(host.request({ type: 'STATUS' })).toMatchObject({ state: 'expired' });
  });

  test('of a replaced or cancelled payment link never happens', async () => {
    pay({ expiryTime: 1 });
    pay({ expiryTime: 100 });
    await clock.advance(50_000);
    host.request({ type: 'CANCEL' });
    expect(clock.pending).toBe(0);
    await clock.advance(100_000);
    expect(links()).toEqual([]);
    expect(emulator.snapshot.state).toBe('cancelled');
  });
});

describe('taps', () => {
  test('are counted up to 255 and reported, each with the data that a phone reads', () => {
    pay({ amount: '1.50' });
    expect(emulator.tap()).toMatchObject({
      taps: 1,
      paymentMethod: 'TRUEMONEY',
      amount: '1.50',
      orderId: 'A',
      expiryTime: 900,
    });
    for (let tap = 2; tap <= 257; tap++) expect(emulator.tap()!.taps).toBe(Math.min(tap, 255));
    const told = links();
    expect(told[0]).toEqual(link(1, { state: 'ready', taps: 1 }));
    expect(told.slice(-3)).toEqual([
      link(255, { state: 'ready', taps: 255 }),
      link(1, { state: 'ready', taps: 255 }),
      link(2, { state: 'ready', taps: 255 }),
    ]);
    expect(host.request({ type: 'CANCEL' })).toMatchObject({ state: 'cancelled', taps: 255 });
  });

  test('of the last payment link are reported until the next payment link', async () => {
    pay({ expiryTime: 1 });
    emulator.tap();
    await clock.advance(1000);
    expect(links()).toEqual([link(1, { state: 'ready', taps: 1 }), link(2, { state: 'expired', taps: 1 })]);
    expect(host.request({ type: 'CANCEL' })).toMatchObject({ state: 'expired', taps: 1 });
    pay();
    expect(host.request({ type: 'CANCEL' })).not.toHaveProperty('taps');
  });

  test('a phone reads nothing if no payment link is live', () => {
    expect(emulator.tap()).toBeUndefined();
    expect(links()).toEqual([]);
  });
});

describe('NFC fault', () => {
  test('ends a live payment link: idle, reported; PAY is refused until the fault is repaired', () => {
    pay();
    emulator.tap();
    emulator.nfcFault = true;
    expect(links().at(-1)).toEqual(link(2, { state: 'idle', taps: 1 }));
    expect(emulator.tap()).toBeUndefined();
    expect(pay()).toEqual({
      type: 'PAY_REPLY',
      session: host.session,
      sequence: 2,
      result: 'PROCESS_FAIL',
      reason: Reason.NFC_FAULT,
      state: 'idle',
    });
    expect(host.request({ type: 'CANCEL' })).toMatchObject({ result: 'SUCCESS', state: 'idle', taps: 1 });
    emulator.nfcFault = false;
    expect(pay()).toMatchObject({ result: 'SUCCESS', state: 'ready' });
    expect(clock.pending).toBe(1);
  });

  test('on a PAY ends the old payment link, and the device sends only the refusal', () => {
    pay();
    emulator.nfcFault = 'on-pay';
    expect(emulator.snapshot.state).toBe('ready');
    expect(pay()).toMatchObject({ reason: Reason.NFC_FAULT, state: 'idle' });
    expect(links()).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(host.hello()).toMatchObject({ lastCommand: { sequence: 1 }, state: 'idle' });
  });
});

describe('a tag that cannot be made blank (R-49)', () => {
  const bootId = () => emulator.sessionInfo.bootId;
  let before: number;
  const restarted = () => {
    expect(links()).toEqual([]);
    expect(emulator.connections).toEqual([]);
    expect(emulator.snapshot).toMatchObject({ state: 'idle', taps: 0, plugged: true });
    expect(bootId()).not.toBe(before);
    expect(clock.pending).toBe(0);
    host = new RawHost(emulator, 'again');
    expect(host.hello()).not.toHaveProperty('lastCommand');
  };
  beforeEach(() => {
    before = bootId();
    pay({ expiryTime: 5 });
    emulator.nfcFault = 'stuck';
    expect(emulator.snapshot.state).toBe('ready');
    host.take();
  });

  test('CANCEL is not answered, and the device restarts', () => {
    expect(host.exchange(encodeMessage({ type: 'CANCEL', session: host.session, sequence: 2 }))).toEqual([]);
    restarted();
  });

  test('a PAY is not answered while a payment link is live, and refused after that', () => {
    const again = { type: 'PAY', session: host.session, sequence: 2, paymentMethod: 'TRUEMONEY' } as const;
    expect(host.exchange(encodeMessage(again))).toEqual([]);
    restarted();
    expect(pay()).toMatchObject({ reason: Reason.NFC_FAULT, state: 'idle' });
    emulator.nfcFault = false;
    expect(pay()).toMatchObject({ result: 'SUCCESS' });
  });

  test('an expiry restarts the device', async () => {
    await clock.advance(5000);
    restarted();
  });

  test('an expiry that a request finds before its timer restarts the device, and the request is not answered', () => {
    let ahead = 0;
    const late = {
      now: () => ahead,
      setTimeout: () => undefined,
      clearTimeout: () => {},
    };
    emulator = new Emulator({ clock: late });
    host = new RawHost(emulator);
    host.hello();
    pay({ expiryTime: 5 });
    emulator.nfcFault = 'stuck';
    ahead = 5000;
    expect(host.exchange(encodeMessage({ type: 'STATUS', session: host.session, sequence: 2 }))).toEqual([]);
    expect(host.closed).toBe(true);
    expect(emulator.snapshot.state).toBe('idle');
  });

  test('a CANCEL of another order is refused, and without a live payment link there is nothing to end', () => {
    expect(host.request({ type: 'CANCEL', orderId: 'B' })).toMatchObject({ reason: Reason.ORDER_MISMATCH });
    emulator.nfcFault = false;
    expect(host.request({ type: 'CANCEL' })).toMatchObject({ state: 'cancelled' });
    emulator.nfcFault = 'stuck';
    expect(host.request({ type: 'CANCEL' })).toMatchObject({ result: 'SUCCESS', state: 'cancelled' });
    expect(bootId()).toBe(before);
  });

  test('an unplugged device restarts and stays unplugged', async () => {
    emulator.unplug();
    await clock.advance(5000);
    expect(emulator.snapshot).toMatchObject({ state: 'idle', plugged: false });
    expect(bootId()).not.toBe(before);
  });
});

describe('LINK', () => {
  test('goes only to the connection of the open session, with numbers from 1 in each session', () => {
    const other = new RawHost(emulator, 'other');
    pay();
    emulator.tap();
    expect(links()).toEqual([link(1, { state: 'ready', taps: 1 })]);
    other.hello();
    emulator.tap();
    expect(links()).toEqual([]);
    expect(other.take()).toMatchObject([{ message: { session: other.session, sequence: 1, taps: 2 } }]);
    other.connection.end();
    events.length = 0;
    emulator.tap();
    expect(host.take()).toEqual([]);
    expect(events.map(({ event }) => event)).toEqual(['tap']);
    host.hello();
    emulator.tap();
    expect(links()).toEqual([link(1, { state: 'ready', taps: 4 })]);
  });

  test('is dropped if its connection is congested, and the host can see the gap', () => {
    pay();
    emulator.tap();
    host.congested = true;
    emulator.tap();
    expect(events.at(-1)).toEqual({ event: 'dropped', connection: 'test', code: 'congested' });
    expect(host.request({ type: 'STATUS' })).toMatchObject({ taps: 2 });
  });

  test('has a gap in its numbers after a drop', () => {
    pay();
    host.congested = true;
    emulator.tap();
    host.congested = false;
    emulator.tap();
    expect(links()).toEqual([link(2, { state: 'ready', taps: 2 })]);
  });

  test('does not report a change that a request caused', () => {
    pay();
    pay();
    host.request({ type: 'CANCEL' });
    expect(links()).toEqual([]);
  });
});

describe('cable and power', () => {
  test('an unplug keeps the payment link, taps and last command, and ends the session', () => {
    pay();
    emulator.tap();
    const { bootId } = host.hello() as { bootId: number };
    emulator.unplug();
    expect(host.closed).toBe(true);
    expect(() => new RawHost(emulator)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(emulator.snapshot).toMatchObject({ plugged: false, state: 'ready' });
    expect(emulator.tap()).toMatchObject({ taps: 2 });
    emulator.plug();
    const { session } = host;
    host = new RawHost(emulator);
    expect(host.ask({ type: 4, session, sequence: 1 })).toMatchObject({ reason: Reason.NO_SUCH_SESSION });
    expect(host.hello()).toMatchObject({ bootId, state: 'ready', taps: 2, lastCommand: { sequence: 1 } });
  });

  test.each<[string, (device: Emulator) => void]>([
    ['a loss of power', (device) => device.unplug({ power: 'lost' })],
    [
      'a loss of power after the unplug',
      (device) => {
        device.unplug();
        device.unplug({ power: 'lost' });
      },
    ],
    ['a power cycle', (device) => device.powerCycle()],
  ])('%s clears the tag and everything except the serial number', async (_, lose) => {
    pay();
    emulator.tap();
    const { bootId } = host.hello() as { bootId: number };
    lose(emulator);
    emulator.plug();
    expect(host.closed).toBe(true);
    expect(clock.pending).toBe(0);
    expect(emulator.snapshot).toEqual({
      simulated: true,
      serialNumber: 'EMU-0001',
      plugged: true,
      state: 'idle',
      taps: 0,
    });
    host = new RawHost(emulator);
    const hello = host.hello() as { bootId: number };
    expect(hello).not.toHaveProperty('lastCommand');
    expect(hello).not.toHaveProperty('taps');
    expect(hello.bootId).not.toBe(bootId);
  });

  test('without power no payment link can be read', () => {
    pay();
    emulator.unplug({ power: 'lost' });
    expect(emulator.tap()).toBeUndefined();
    expect(emulator.snapshot.state).toBe('idle');
  });

  test('every boot id differs from the previous boot id, even if the random numbers repeat', () => {
    emulator = new Emulator({ random: () => 0xffffffff });
    const bootIds = [];
    for (let start = 0; start < 3; start++) {
      host = new RawHost(emulator);
      bootIds.push((host.hello() as { bootId: number }).bootId);
      emulator.powerCycle();
    }
    expect(bootIds).toEqual([0xffffffff, 0, 0xffffffff]);
  });

  test('after an unplug, the rest of the same chunk is not executed', () => {
    let seen = 0;
    emulator.use({
      name: 'unplug',
      onFrame: () => {
        seen++;
        emulator.unplug();
      },
    });
    const status = (sequence: number) => encodeMessage({ type: 'STATUS', session: host.session, sequence });
    host.connection.receive(Uint8Array.of(...status(1), ...status(2)));
    expect(seen).toBe(1);
    expect(host.frames).toEqual([]);
  });
});
