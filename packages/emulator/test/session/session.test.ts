import { Emulator, type EmulatorOptions, VirtualClock } from '@bluetap/emulator';
import { MessageType, Reason } from '@bluetap/protocol';
import { encodeFrame, type FrameParts, resultOf } from '@bluetap/protocol/tools';
import { beforeEach, describe, expect, test } from 'vitest';
import { RawHost, tlv } from '../raw-host.js';

const { HELLO, PAY, CANCEL, STATUS } = MessageType;

let clock: VirtualClock;
let emulator: Emulator;
let host: RawHost;

function setUp(options: EmulatorOptions = {}): void {
  clock = new VirtualClock();
  emulator = new Emulator({ clock, random: () => 1000, ...options });
  host = new RawHost(emulator);
}
beforeEach(() => setUp());

const METHOD = tlv(0x01, 'TRUEMONEY');
const NONCE = tlv(0x20, [1, 0, 0, 0]);
const bytes = (...parts: number[][]) => Uint8Array.from(parts.flat());

describe('the order of checks', () => {
  // Each part breaks one check of a PAY that is otherwise valid. A pair of parts must get the reason of the earlier
  // check.
  const checks: { name: string; reason: number; frame?: Partial<FrameParts>; payload?: number[][] }[] = [
    { name: 'version', reason: Reason.UNKNOWN_VERSION, frame: { version: 2 } },
    { name: 'type', reason: Reason.UNKNOWN_TYPE, frame: { type: 0x05 } },
    { name: 'session', reason: Reason.NO_SUCH_SESSION, frame: { session: 9 } },
    { name: 'sequence', reason: Reason.SEQUENCE_REUSED, frame: { sequence: 1 } },
    { name: 'cut short', reason: Reason.BAD_VALUE, payload: [[0x90, 0, 0x91, 9]] },
    { name: 'critical tag', reason: Reason.UNKNOWN_CRITICAL_TAG, payload: [tlv(0xf0, [])] },
  ];
  const values = [
    { name: 'missing field', reason: Reason.MISSING_FIELD, payload: [] as number[][] },
    { name: 'payment method', reason: Reason.UNKNOWN_PAYMENT_METHOD, payload: [tlv(0x01, 'CASH')] },
    { name: 'other value', reason: Reason.BAD_VALUE, payload: [METHOD, tlv(0x02, 'x')] },
    { name: 'nothing wrong', reason: 0, payload: [METHOD] },
  ];

  const rows = [];
  for (const [at, first] of checks.entries()) {
    for (const second of [...checks.slice(at + 1), ...values]) {
      rows.push({ name: `${first.name} before ${second.name}`, reason: first.reason, first, second });
    }
  }
  for (const [at, first] of values.entries()) {
    rows.push({ name: `${first.name} alone`, reason: first.reason, first, second: first });
    // These pairs differ in the payload. A later payload is an earlier payload with more errors after it.
    const worse = [[tlv(0x02, 'x')], [tlv(0x01, 'CASH'), tlv(0x02, 'x')]][at];
    if (worse) {
      rows.push({
        name: `${first.name} before the later checks`,
        reason: first.reason,
        first: { ...first, payload: worse },
        second: {},
      });
    }
  }

  test.each(rows)('$name', ({ reason, first, second }) => {
    host.hello();
    host.request({ type: 'STATUS' });
    const rest: { frame?: Partial<FrameParts>; payload?: number[][] } = second;
    const payload =
      first === second
        ? (first.payload ?? [])
        : [...(rest.payload ?? ('frame' in rest ? [METHOD] : [])), ...(first.payload ?? [])];
    const frame = {
      type: PAY,
      session: host.session,
      sequence: 2,
      ...rest.frame,
      ...('frame' in first ? first.frame : {}),
    };
    const sorted = payload.toSorted((one, other) => one[0]! - other[0]!);
    const replies = host.exchange(encodeFrame({ ...frame, payload: bytes(...sorted) }));
    expect(replies).toHaveLength(1);
    const reply = replies[0]!;
    expect([reply.version, reply.type, reply.session, reply.sequence]).toEqual([
      1,
      frame.type | 0x80,
      frame.session,
      frame.sequence,
    ]);
    if (reason === 0) expect([...reply.payload.subarray(0, 3)]).toEqual([0x10, 1, 0]);
    else {
      const result = ['SUCCESS', 'PARAM_ILLEGAL', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'].indexOf(resultOf(reason));
      expect([...reply.payload]).toEqual([0x10, 1, result, 0x11, 1, reason, 0x12, 1, 0]);
    }
  });
});

describe('payloads', () => {
  const P = tlv(0x01, 'SEVEN_11');
  test.each<[string, number, number[][], number]>([
    ['a tag without a length', PAY, [[0x01]], Reason.BAD_VALUE],
    ['a value cut short', PAY, [[0x01, 9, 0x41]], Reason.BAD_VALUE],
    ['tags out of order', PAY, [tlv(0x02, '1'), P], Reason.BAD_VALUE],
    ['a tag twice', PAY, [P, P], Reason.BAD_VALUE],
    ['an expiry of three bytes', PAY, [P, tlv(0x04, [1, 0, 0])], Reason.BAD_VALUE],
    ['an empty payment method', PAY, [tlv(0x01, '')], Reason.UNKNOWN_PAYMENT_METHOD],
    ['a payment method of 13 characters', PAY, [tlv(0x01, 'ALIPAY_PLUSSS')], Reason.UNKNOWN_PAYMENT_METHOD],
    ['a payment method in lower case', PAY, [tlv(0x01, 'truemoney')], Reason.UNKNOWN_PAYMENT_METHOD],
    ['an amount of 9 characters', PAY, [P, tlv(0x02, '123456789')], Reason.BAD_VALUE],
    ['an amount that ends with its point', PAY, [P, tlv(0x02, '1.')], Reason.BAD_VALUE],
    ['an empty order id', PAY, [P, tlv(0x03, '')], Reason.BAD_VALUE],
    ['an order id of 17 characters', PAY, [P, tlv(0x03, '12345678901234567')], Reason.BAD_VALUE],
    ['an order id with a space', PAY, [P, tlv(0x03, 'A 1')], Reason.BAD_VALUE],
    ['an expiry of 0', PAY, [P, tlv(0x04, [0, 0, 0, 0])], Reason.BAD_VALUE],
    ['an expiry of 2147483648', PAY, [P, tlv(0x04, [0, 0, 0, 0x80])], Reason.BAD_VALUE],
    ['an unknown tag that may be skipped', PAY, [P, tlv(0x05, 'x')], 0],
    ['a tag of another type', PAY, [P, tlv(0x20, [1, 2, 3])], 0],
    ['a payment method in a CANCEL, where it is unknown', CANCEL, [tlv(0x01, '?')], 0],
    ['an unknown critical tag in a STATUS', STATUS, [tlv(0x80, '')], Reason.UNKNOWN_CRITICAL_TAG],
    ['a bad order id in a CANCEL', CANCEL, [tlv(0x03, 'A 1')], Reason.BAD_VALUE],
  ])('%s', (_, type, payload, reason) => {
    host.hello();
    expect(host.ask({ type, sequence: 1, payload: bytes(...payload) })).toMatchObject(
      reason === 0 ? { result: 'SUCCESS' } : { result: resultOf(reason), reason, state: 'idle' },
    );
  });
});

describe('a frame that is dropped without an answer', () => {
  test.each([0x41, 0x42, 0x81, 0x82, 0xc1, 0xff])('type %d, in any version', (type) => {
    host.hello();
    for (const version of [1, 2]) {
      expect(host.exchange(encodeFrame({ version, type, session: host.session, sequence: 1 }))).toEqual([]);
    }
    expect(host.request({ type: 'STATUS' })).toMatchObject({ sequence: 1, result: 'SUCCESS' });
  });

  test('a damaged frame, and no other frame', () => {
    host.hello();
    const damaged = encodeFrame({ type: STATUS, session: host.session, sequence: 1 });
    damaged[3]! ^= 1;
    expect(host.exchange(damaged)).toEqual([]);
    expect(host.request({ type: 'STATUS' })).toMatchObject({ result: 'SUCCESS' });
  });

  test('a partial frame after a second of silence, so that half a command is never executed', async () => {
    host.hello();
    const wire = encodeFrame({ type: PAY, session: host.session, sequence: 1, payload: bytes(METHOD) });
    host.connection.receive(wire.subarray(0, -1));
    await clock.advance(1000);
    expect(host.exchange(Uint8Array.of(0))).toEqual([]);
    expect(emulator.snapshot.state).toBe('idle');
  });

  test('a partial frame of a connection that has ended', () => {
    host.connection.receive(Uint8Array.of(0, 1, 2));
    host.connection.end();
    expect(host.exchange(encodeFrame({ type: STATUS, session: 0, sequence: 1 }))).toEqual([]);
  });
});

test('the answer to an undefined type has that type, and the request uses no sequence', () => {
  host.hello();
  const [reply] = host.exchange(encodeFrame({ type: 0x3f, session: host.session, sequence: 7 }));
  expect([reply!.type, reply!.session, reply!.sequence]).toEqual([0xbf, host.session, 7]);
  expect(host.request({ type: 'STATUS' })).toMatchObject({ sequence: 1, result: 'SUCCESS' });
});

test('the reply to a HELLO of another version has the session of the HELLO', () => {
  const [reply] = host.exchange(encodeFrame({ version: 2, type: HELLO, session: 5, sequence: 6 }));
  expect([reply!.version, reply!.type, reply!.session, reply!.sequence]).toEqual([1, 0x81, 5, 6]);
});

describe('HELLO', () => {
  test('opens sessions that count up from a random start', () => {
    expect(host.hello(0xffffffff)).toEqual({
      type: 'HELLO_REPLY',
      session: 1001,
      sequence: 0,
      result: 'SUCCESS',
      state: 'idle',
      nonce: 0xffffffff,
      model: 'BT-EMU',
      firmware: '1.0.0',
      serialNumber: 'EMU-0001',
      bootId: 1000,
      simulated: true,
    });
    expect(host.hello().session).toBe(1002);
  });

  test.each([
    [0, 1, 2],
    [65533, 65534, 65535],
    [65534, 65535, 1],
    [65535, 1, 2],
  ])('is never session 0: start %d', (random, first, second) => {
    setUp({ random: () => random });
    expect([host.hello().session, host.hello().session]).toEqual([first, second]);
  });

  test.each<[string, Partial<FrameParts>, number[][], number]>([
    ['with a session', { session: 5 }, [NONCE], Reason.NO_SUCH_SESSION],
    ['with a session and a sequence', { session: 5, sequence: 5 }, [NONCE], Reason.NO_SUCH_SESSION],
    ['with a sequence', { sequence: 5 }, [NONCE], Reason.SEQUENCE_REUSED],
    ['without a nonce', {}, [], Reason.MISSING_FIELD],
    ['with a short nonce', {}, [tlv(0x20, [1])], Reason.BAD_VALUE],
    ['with an unknown critical tag', {}, [NONCE, tlv(0x81, '')], Reason.UNKNOWN_CRITICAL_TAG],
  ])('%s is refused with session 0 and changes nothing', (_, frame, payload, reason) => {
    host.hello();
    host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY' });
    const reply = host.ask({ type: HELLO, session: 0, sequence: 0, ...frame, payload: bytes(...payload) });
    expect(reply).toEqual({
      type: 'HELLO_REPLY',
      session: 0,
      sequence: frame.sequence ?? 0,
      result: resultOf(reason),
      reason,
      state: 'ready',
    });
    expect(host.request({ type: 'STATUS' })).toMatchObject({ result: 'SUCCESS', state: 'ready' });
    expect(host.hello().session).toBe(1002);
  });

  test('does not change a live payment link, and reports the last command', () => {
    host.hello();
    expect(host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY', orderId: 'A' })).toMatchObject({
      result: 'SUCCESS',
    });
    emulator.tap();
    host.take();
    const again = host.hello();
    expect(again).toMatchObject({ state: 'ready', taps: 1, lastCommand: { session: 1001, sequence: 1 } });
    expect(host.request({ type: 'STATUS' })).toMatchObject({ state: 'ready', orderId: 'A', taps: 1 });
  });

  test('ends the older session, on any connection', () => {
    const other = new RawHost(emulator, 'other');
    host.hello();
    other.hello();
    expect(host.request({ type: 'STATUS' })).toMatchObject({ reason: Reason.NO_SUCH_SESSION });
    expect(other.request({ type: 'STATUS' })).toMatchObject({ result: 'SUCCESS' });
    host.hello();
    expect(other.request({ type: 'STATUS' })).toMatchObject({ reason: Reason.NO_SUCH_SESSION });
  });

  test('a session belongs to its connection: its number is refused on another connection', () => {
    const other = new RawHost(emulator, 'other');
    host.hello();
    expect(other.ask({ type: STATUS, session: host.session, sequence: 1 })).toMatchObject({
      reason: Reason.NO_SUCH_SESSION,
    });
    expect(host.request({ type: 'STATUS' })).toMatchObject({ result: 'SUCCESS' });
  });

  test('a session ends if its own connection closes, not if another connection closes', () => {
    const other = new RawHost(emulator, 'other');
    host.hello();
    const { session } = host;
    other.connection.end();
    expect(host.request({ type: 'STATUS' })).toMatchObject({ result: 'SUCCESS' });
    host.connection.end();
    const third = new RawHost(emulator, 'third');
    expect(third.ask({ type: STATUS, session, sequence: 2 })).toMatchObject({ reason: Reason.NO_SUCH_SESSION });
    expect(third.ask({ type: STATUS, session: 0, sequence: 2 })).toMatchObject({ reason: Reason.NO_SUCH_SESSION });
  });
});

describe('sequences', () => {
  test.each([
    [0, Reason.SEQUENCE_REUSED],
    [1, 0],
    [255, 0],
  ])('the first is %d', (sequence, reason) => {
    host.hello();
    expect(host.ask({ type: STATUS, sequence })).toMatchObject(reason ? { reason } : { result: 'SUCCESS' });
  });

  test('a gap is accepted; an old number, a reused number and a number after 255 are refused', () => {
    host.hello();
    expect(host.ask({ type: STATUS, sequence: 7 })).toMatchObject({ result: 'SUCCESS' });
    expect(host.ask({ type: STATUS, sequence: 3 })).toMatchObject({ reason: Reason.SEQUENCE_REUSED });
    expect(host.ask({ type: CANCEL, sequence: 7 })).toMatchObject({ reason: Reason.SEQUENCE_REUSED });
    expect(host.ask({ type: STATUS, sequence: 7 })).toMatchObject({ result: 'SUCCESS' });
    expect(host.ask({ type: STATUS, sequence: 255 })).toMatchObject({ result: 'SUCCESS' });
    expect(host.ask({ type: STATUS, sequence: 1 })).toMatchObject({ reason: Reason.SEQUENCE_REUSED });
  });

  test('reasons 4, 8, 9 and 10 do not change the latest sequence', () => {
    host.hello();
    host.ask({ type: PAY, sequence: 2, payload: bytes(METHOD) });
    host.ask({ type: STATUS, sequence: 9, session: 1 });
    host.exchange(encodeFrame({ type: 0x3f, session: host.session, sequence: 9 }));
    host.exchange(encodeFrame({ version: 2, type: STATUS, session: host.session, sequence: 9 }));
    host.ask({ type: STATUS, sequence: 1 });
    expect(host.ask({ type: PAY, sequence: 2, payload: bytes(METHOD) })).toMatchObject({
      result: 'SUCCESS',
      remaining: 900,
    });
    expect(host.ask({ type: STATUS, sequence: 3 })).toMatchObject({ result: 'SUCCESS' });
  });
});

describe('a repeat', () => {
  const pay = { type: 'PAY', paymentMethod: 'TRUEMONEY', orderId: 'A', expiryTime: 10 } as const;

  test('is not executed again, and the reply has the current state', async () => {
    host.hello();
    const first = { ...pay, session: host.session, sequence: 1 };
    expect(host.say(first)).toMatchObject({ result: 'SUCCESS', state: 'ready', remaining: 10 });
    emulator.tap();
    host.take();
    await clock.advance(3001);
    expect(host.say(first)).toMatchObject({ result: 'SUCCESS', state: 'ready', remaining: 7 });
    expect(emulator.snapshot.taps).toBe(1);
    await clock.advance(7000);
    host.take();
    expect(host.say(first)).toEqual({
      ...head(1),
      type: 'PAY_REPLY',
      result: 'SUCCESS',
      state: 'expired',
      remaining: 0,
    });
  });

  test('of a PAY tells the same about the payment link that it replaced (C-12)', async () => {
    host.hello();
    expect(host.request(pay)).not.toHaveProperty('previous');
    emulator.tap();
    host.take();
    const second = { ...pay, orderId: 'B', session: host.session, sequence: 2 };
    const previous = { state: 'ready', taps: 1 };
    expect(host.say(second)).toMatchObject({ state: 'ready', previous });
    emulator.tap();
    emulator.tap();
    host.take();
    await clock.advance(10_000);
    host.take();
    expect(host.say(second)).toMatchObject({ state: 'expired', previous });
    expect(host.say({ ...pay, session: host.session, sequence: 3 })).toMatchObject({
      previous: { state: 'expired', taps: 2 },
    });
    emulator.powerCycle();
    host = new RawHost(emulator);
    host.hello();
    expect(host.request(pay)).not.toHaveProperty('previous');
  });

  test('of a CANCEL has the same result, although no payment link is live any more', () => {
    host.hello();
    host.request(pay);
    const cancel = { type: 'CANCEL', session: host.session, sequence: 2 } as const;
    expect(host.say(cancel)).toEqual({ ...head(2), type: 'CANCEL_REPLY', result: 'SUCCESS', state: 'cancelled' });
    expect(host.say(cancel)).toEqual({ ...head(2), type: 'CANCEL_REPLY', result: 'SUCCESS', state: 'cancelled' });
  });

  test('of a refusal has the same reason, with the current state', async () => {
    host.hello();
    host.request(pay);
    const cancel = { type: 'CANCEL', session: host.session, sequence: 2, orderId: 'B' } as const;
    expect(host.say(cancel)).toMatchObject({ reason: Reason.ORDER_MISMATCH, state: 'ready' });
    await clock.advance(10_000);
    host.take();
    expect(host.say(cancel)).toMatchObject({ reason: Reason.ORDER_MISMATCH, state: 'expired' });
  });

  test('of a PAY that failed with a fault is refused again, even after the repair', () => {
    host.hello();
    emulator.nfcFault = true;
    const first = { ...pay, session: host.session, sequence: 1 };
    expect(host.say(first)).toMatchObject({ reason: Reason.NFC_FAULT });
    emulator.nfcFault = false;
    expect(host.say(first)).toMatchObject({ reason: Reason.NFC_FAULT, state: 'idle' });
    expect(host.request({ type: 'STATUS' })).toMatchObject({ reason: Reason.SEQUENCE_REUSED });
  });

  test('of a malformed request is refused again, and a valid request with its sequence is refused too', () => {
    host.hello();
    const bad = { type: PAY, sequence: 1, payload: bytes(tlv(0x01, 'CASH')) };
    expect(host.ask(bad)).toMatchObject({ reason: Reason.UNKNOWN_PAYMENT_METHOD });
    expect(host.ask(bad)).toMatchObject({ reason: Reason.UNKNOWN_PAYMENT_METHOD });
    expect(host.ask({ ...bad, payload: bytes(METHOD) })).toMatchObject({ reason: Reason.SEQUENCE_REUSED });
    expect(emulator.snapshot.state).toBe('idle');
  });

  function head(sequence: number) {
    return { session: host.session, sequence };
  }
});

describe('the last command', () => {
  const last = () => (host.hello() as { lastCommand?: unknown }).lastCommand;

  test.each<[string, () => void, boolean]>([
    ['a PAY', () => host.request({ type: 'PAY', paymentMethod: 'SEVEN_11' }), true],
    ['a CANCEL with no live payment link', () => host.request({ type: 'CANCEL' }), true],
    ['a CANCEL of an order with no live payment link', () => host.request({ type: 'CANCEL', orderId: 'A' }), true],
    ['a STATUS', () => host.request({ type: 'STATUS' }), false],
    ['a PAY that was refused', () => host.ask({ type: PAY, sequence: 1 }), false],
    [
      'a PAY that failed with a fault',
      () => {
        emulator.nfcFault = true;
        host.request({ type: 'PAY', paymentMethod: 'SEVEN_11' });
      },
      false,
    ],
  ])('%s', (_, act, counts) => {
    host.hello();
    act();
    expect(last()).toEqual(counts ? { session: 1001, sequence: 1 } : undefined);
  });

  test('stays after refusals and new sessions, and is lost with the power', () => {
    host.hello();
    host.request({ type: 'PAY', paymentMethod: 'SEVEN_11', orderId: 'A' });
    host.request({ type: 'CANCEL', orderId: 'B' });
    expect(last()).toEqual({ session: 1001, sequence: 1 });
    expect(last()).toEqual({ session: 1001, sequence: 1 });
    emulator.powerCycle();
    host = new RawHost(emulator);
    expect(last()).toBeUndefined();
  });
});

describe('CANCEL', () => {
  test.each([
    ['A', undefined, 0],
    ['A', 'A', 0],
    ['A', 'B', Reason.ORDER_MISMATCH],
    ['A', 'a', Reason.ORDER_MISMATCH],
    [undefined, undefined, 0],
    [undefined, 'A', Reason.ORDER_MISMATCH],
  ])('of a payment link of order %s by order %s', (live, named, reason) => {
    host.hello();
    host.request({ type: 'PAY', paymentMethod: 'ALIPAY_CN', ...(live && { orderId: live }) });
    emulator.tap();
    host.take();
    const reply = host.request({ type: 'CANCEL', ...(named && { orderId: named }) });
    const head = { type: 'CANCEL_REPLY', session: host.session, sequence: 2 };
    if (reason) expect(reply).toEqual({ ...head, result: 'PROCESS_FAIL', reason, state: 'ready' });
    else expect(reply).toEqual({ ...head, result: 'SUCCESS', state: 'cancelled', taps: 1 });
    expect(emulator.snapshot.state).toBe(reason ? 'ready' : 'cancelled');
  });

  test('with no live payment link does not change the state', async () => {
    host.hello();
    expect(host.request({ type: 'CANCEL', orderId: 'A' })).toMatchObject({ result: 'SUCCESS', state: 'idle' });
    host.request({ type: 'PAY', paymentMethod: 'ALIPAY_CN', expiryTime: 1 });
    await clock.advance(1000);
    host.take();
    expect(host.request({ type: 'CANCEL', orderId: 'A' })).toMatchObject({ result: 'SUCCESS', state: 'expired' });
    host.request({ type: 'PAY', paymentMethod: 'ALIPAY_CN' });
    host.request({ type: 'CANCEL' });
    expect(host.request({ type: 'CANCEL' })).toMatchObject({ result: 'SUCCESS', state: 'cancelled' });
  });
});

describe('the tap source', () => {
  test('is not told by default, and is told as it was chosen', () => {
    expect(host.hello()).not.toHaveProperty('tapSource');
    setUp({ tapSource: 'field' });
    expect(host.hello()).toMatchObject({ tapSource: 'field' });
    host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY' });
    expect(emulator.tap()).toMatchObject({ taps: 1 });
  });

  test('none: a phone reads the payment link, and no tap is counted or reported', () => {
    setUp({ tapSource: 'none' });
    expect(host.hello()).toMatchObject({ tapSource: 'none' });
    host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY' });
    expect(emulator.tap()).toMatchObject({ taps: 0, paymentMethod: 'TRUEMONEY' });
    expect(host.take()).toEqual([]);
    expect(emulator.snapshot).toMatchObject({ state: 'ready', taps: 0 });
  });
});

test('STATUS describes a live payment link; without one it has only state and taps', async () => {
  host.hello();
  expect(host.request({ type: 'STATUS' })).toEqual(status(1, { state: 'idle' }));
  host.request({ type: 'PAY', paymentMethod: 'ALIPAY_PLUS', amount: '0.50', orderId: 'A', expiryTime: 2 });
  await clock.advance(1);
  const live = { paymentMethod: 'ALIPAY_PLUS', amount: '0.50', orderId: 'A' };
  expect(host.request({ type: 'STATUS' })).toEqual(status(3, { state: 'ready', remaining: 2, ...live }));
  emulator.tap();
  await clock.advance(1000);
  host.take();
  expect(host.request({ type: 'STATUS' })).toEqual(status(4, { state: 'ready', remaining: 1, taps: 1, ...live }));
  await clock.advance(1000);
  host.take();
  expect(host.request({ type: 'STATUS' })).toEqual(status(5, { state: 'expired', taps: 1 }));
  host.request({ type: 'PAY', paymentMethod: 'ALIPAY_CN' });
  expect(host.request({ type: 'STATUS' })).toEqual(
    status(7, { state: 'ready', remaining: 900, paymentMethod: 'ALIPAY_CN' }),
  );

  function status(sequence: number, rest: object) {
    return { type: 'STATUS_REPLY', session: host.session, sequence, result: 'SUCCESS', ...rest };
  }
});
