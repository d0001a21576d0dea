import { Emulator, type EmulatorEvent, type EmulatorState, loseReplies, VirtualClock } from '@bluetap/emulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawHost } from '../raw-host.js';

const clock = new VirtualClock();
let emulator: Emulator;
let events: EmulatorEvent[];

beforeEach(() => {
  events = [];
  emulator = new Emulator({ clock, random: () => 7, onEvent: (event) => events.push(event) });
});
afterEach(() => emulator.close());

function pay(host: RawHost): void {
  host.hello();
  host.request({ type: 'PAY', paymentMethod: 'ALIPAY_CN', amount: '1.50', orderId: 'A', expiryTime: 60 });
}

describe('expire', () => {
  test('ends the live payment link and reports it with LINK', () => {
    const host = new RawHost(emulator);
    expect(emulator.expire()).toBe(false);
    pay(host);
    expect(emulator.expire()).toBe(true);
    expect(emulator.snapshot).toMatchObject({ state: 'expired' });
    expect(host.take()).toMatchObject([{ message: { type: 'LINK', state: 'expired', orderId: 'A' } }]);
    expect(emulator.expire()).toBe(false);
  });
});

describe('reset', () => {
  test('brings everything to the start, and closes the connections', () => {
    const host = new RawHost(emulator);
    pay(host);
    emulator.tap();
    emulator.use(loseReplies(1));
    emulator.nfcFault = 'on-pay';
    emulator.unplug();
    emulator.reset();
    expect(emulator).toMatchObject({ plugged: true, nfcFault: false, behaviours: [], connections: [] });
    expect(emulator.snapshot).toMatchObject({ state: 'idle', taps: 0 });
    expect(emulator.counters).toEqual({ paymentLinks: 0, payFrames: 0, repeats: 0, taps: 0 });
    expect(emulator.sessionInfo).toMatchObject({ session: null, lastCommand: null });
  });
});

describe('a state', () => {
  test('of a live payment link goes on in another device', async () => {
    pay(new RawHost(emulator));
    emulator.tap();
    await clock.advance(10_400);
    const state = JSON.parse(JSON.stringify(emulator.exportState()));
    expect(state).toEqual({
      format: 1,
      plugged: true,
      nfcFault: false,
      bootId: 7,
      sessionNumber: 8,
      lastCommand: { session: 8, sequence: 1 },
      paymentLink: {
        paymentMethod: 'ALIPAY_CN',
        amount: '1.50',
        orderId: 'A',
        expiryTime: 60,
        state: 'ready',
        taps: 1,
        remainingMs: 49_600,
      },
    });
    const other = new Emulator({ clock, random: () => 3, serialNumber: 'OTHER' });
    const before = new RawHost(other);
    other.importState(state);
    expect(before.closed).toBe(true);
    expect(other.exportState()).toEqual(state);
    expect(other.snapshot).toMatchObject({ state: 'ready', remaining: 50, taps: 1, uri: expect.any(String) });
    expect(new RawHost(other).hello()).toMatchObject({
      session: 9,
      bootId: 7,
      state: 'ready',
      lastCommand: { session: 8, sequence: 1 },
    });
    await clock.advance(49_600);
    expect(other.snapshot.state).toBe('expired');
    await other.close();
  });

  test('without a payment link, unplugged and broken', () => {
    emulator.nfcFault = true;
    emulator.unplug();
    const state = emulator.exportState();
    expect(state).toMatchObject({ plugged: false, nfcFault: true, lastCommand: null, paymentLink: null });
    emulator.reset();
    events.length = 0;
    emulator.importState(state);
    expect(emulator.exportState()).toEqual(state);
    expect(events.map(({ event }) => event)).toEqual(['unplug', 'start', 'restore']);
  });

  const good: EmulatorState = {
    format: 1,
    plugged: true,
    nfcFault: false,
    bootId: 1,
    sessionNumber: 2,
    lastCommand: null,
    paymentLink: { paymentMethod: 'TRUEMONEY', expiryTime: 9, state: 'ready', taps: 0, remainingMs: 1000 },
  };
  test.each<[unknown, RegExp]>([
    [undefined, /importState\(\) must be given an object/],
    [{}, /missing: format, plugged/],
    [{ ...good, format: 2 }, /format must be 1, but is 2/],
    [{ ...good, bootId: -1 }, /bootId must keep the rule/],
    [{ ...good, sessionNumber: 65_536 }, /sessionNumber must be a whole number from 0 to 65535/],
    [{ ...good, nfcFault: 'later' }, /nfcFault must be true, false, 'on-pay' or 'stuck'/],
    [{ ...good, lastCommand: { session: 1 } }, /lastCommand must keep the rule/],
    [{ ...good, paymentLink: 5 }, /paymentLink must be an object, or be null/],
    [{ ...good, paymentLink: { ...good.paymentLink, amount: '1,50' } }, /paymentLink: amount must keep the rule/],
    [{ ...good, paymentLink: { paymentMethod: 'TRUEMONEY' } }, /paymentLink: missing: expiryTime, state, taps/],
    [{ ...good, paymentLink: { ...good.paymentLink, remainingMs: 1.5 } }, /remainingMs must be a whole number/],
    [{ ...good, nfcFault: true }, /state must not be 'ready' while nfcFault is true/],
    [{ ...good, serial: 'A' }, /serial is not an option here/],
  ])('that is wrong changes nothing: %j', (state, message) => {
    pay(new RawHost(emulator));
    const before = emulator.exportState();
    expect(() => emulator.importState(state as EmulatorState)).toThrow(message);
    expect(emulator.exportState()).toEqual(before);
    expect(emulator.connections).toEqual(['test']);
  });
});
