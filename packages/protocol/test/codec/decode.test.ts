import { describe, expect, test } from 'vitest';
import { decodeMessage, type WireResult } from '../../src/index.js';
import { type DecodedWire, decodeFrame, type MessageErrorCode } from '../../src/tools/index.js';
import { frameOf } from '../helpers.js';
import { ascii, type Tlv, TYPES, tlvs, u8, u32 } from '../reference.js';

type Name = keyof typeof TYPES;

function decode(type: Name, ...fields: Tlv[]): DecodedWire {
  return decodeFrame(frameOf(TYPES[type].type, tlvs(...fields)));
}
function refused(code: MessageErrorCode, result: WireResult, reason: number) {
  return { ok: false, error: { layer: 'message', code, result, reason } };
}
const VERSION = refused('unknown-version', 'PROCESS_FAIL', 9);
const TYPE = refused('unknown-type', 'PROCESS_FAIL', 8);
const VALUE = refused('bad-value', 'PARAM_ILLEGAL', 3);
const CRITICAL = refused('unknown-critical-tag', 'PARAM_ILLEGAL', 7);
const MISSING = refused('missing-field', 'PARAM_ILLEGAL', 1);
const METHOD = refused('unknown-payment-method', 'PARAM_ILLEGAL', 2);
const header = { session: 0x0a0b, sequence: 9 };

const method = ascii(1, 'TRUEMONEY');
const SUCCESS = u8(0x10, 0);
const [IDLE, READY, EXPIRED] = [u8(0x12, 0), u8(0x12, 1), u8(0x12, 2)];

describe('the first check that fails decides', () => {
  const badMethod = ascii(1, 'Test');
  const badAmount = ascii(2, '-1');
  const critical = u8(0x80, 1);
  const cut = [0x05, 9];

  test.each<[string, object, number, number, readonly number[]]>([
    ['version before type', VERSION, 2, 0x2a, cut],
    ['type before structure', TYPE, 1, 0x2a, cut],
    ['structure before a critical tag', VALUE, 1, 2, [...tlvs(critical), ...[0x81, 5]]],
    ['order of tags before a critical tag', VALUE, 1, 2, [...tlvs(critical, method)]],
    ['a doubled tag before a critical tag', VALUE, 1, 2, [...tlvs(method, method, critical)]],
    ['a fixed length before a critical tag', VALUE, 1, 2, [...tlvs(method, u8(4, 1), critical)]],
    ['a critical tag before a missing field', CRITICAL, 1, 2, [...tlvs(badAmount, critical)]],
    ['a critical tag before the payment method', CRITICAL, 1, 2, [...tlvs(badMethod, critical)]],
    ['a missing field before other values', MISSING, 1, 2, [...tlvs(badAmount)]],
    ['the payment method before the amount', METHOD, 1, 2, [...tlvs(badMethod, badAmount)]],
    ['the payment method before the order id', METHOD, 1, 2, [...tlvs(badMethod, ascii(3, ''))]],
    ['the payment method before the expiry time', METHOD, 1, 2, [...tlvs(badMethod, u32(4, 0))]],
    ['a missing field before the payment method of a reply', MISSING, 1, 0x84, [...tlvs(badMethod, SUCCESS, READY)]],
    ['the payment method before a field in excess', METHOD, 1, 0x84, [...tlvs(badMethod, SUCCESS, IDLE)]],
  ])('%s', (_, expected, version, type, payload) => {
    expect(decodeFrame(frameOf(type, Uint8Array.from(payload), { version }))).toStrictEqual(expected);
  });

  test('decodeMessage returns only the reason', () => {
    const reasonOf = (type: number, ...fields: Tlv[]) => decodeMessage(frameOf(type, tlvs(...fields)));
    expect(decodeMessage(frameOf(2, tlvs(), { version: 2 }))).toStrictEqual({ ok: false, reason: 9 });
    expect(reasonOf(0x2a)).toStrictEqual({ ok: false, reason: 8 });
    expect(reasonOf(2, critical)).toStrictEqual({ ok: false, reason: 7 });
    expect(reasonOf(2, method, u8(4, 1))).toStrictEqual({ ok: false, reason: 3 });
    expect(reasonOf(2)).toStrictEqual({ ok: false, reason: 1 });
    expect(reasonOf(2, badMethod)).toStrictEqual({ ok: false, reason: 2 });
  });

  test('every type byte except the nine defined types is unknown', () => {
    const known = new Set<number>(Object.values(TYPES).map(({ type }) => type));
    for (let type = 0; type < 256; type++) {
      const decoded = decodeFrame(frameOf(type, tlvs()));
      if (known.has(type)) expect(decoded).not.toStrictEqual(TYPE);
      else expect(decoded).toStrictEqual(TYPE);
    }
  });
});

describe('structure', () => {
  test.each<[string, readonly number[]]>([
    ['a tag without a length', [1]],
    ['a length without a value', [1, 4]],
    ['a value cut short by one byte', [1, 9, ...'TRUEMONE'].map((x) => (typeof x === 'string' ? x.charCodeAt(0) : x))],
    ['a tag without a length after a good field', [...tlvs(method), 4]],
    ['an unknown tag cut short', [...tlvs(method), 0x7f, 3, 1, 1]],
    ['a length that points into the CRC', [...tlvs(method), 0x7f, 4]],
    ['two unknown tags in descending order', [...tlvs(method, u8(0x7f, 1), u8(0x7e, 1))]],
    ['tag 0 twice', [...tlvs(u8(0, 1), u8(0, 1), method)]],
  ])('%s', (_, payload) => {
    expect(decodeFrame(frameOf(2, Uint8Array.from(payload)))).toStrictEqual(VALUE);
  });

  const FIXED: [Name, number, number, Tlv[]][] = [
    ['PAY', 0x04, 4, [method]],
    ['PAY_REPLY', 0x10, 1, [READY, u32(0x13, 1)]],
    ['PAY_REPLY', 0x11, 1, [u8(0x10, 1), READY]],
    ['PAY_REPLY', 0x12, 1, [SUCCESS, u32(0x13, 1)]],
    ['PAY_REPLY', 0x13, 4, [SUCCESS, READY]],
    ['CANCEL_REPLY', 0x14, 1, [SUCCESS, READY]],
    ['HELLO', 0x20, 4, []],
    ['HELLO_REPLY', 0x24, 4, []],
    ['HELLO_REPLY', 0x25, 1, []],
    ['HELLO_REPLY', 0x26, 3, []],
  ];
  test.each(FIXED)('%s: tag %i has exactly %i bytes', (type, tag, length, others) => {
    for (const wrong of [0, length - 1, length + 1, 8]) {
      const list = [...others, { tag, value: new Array<number>(wrong).fill(1) }].sort((a, b) => a.tag - b.tag);
      expect(decode(type, ...list)).toStrictEqual(VALUE);
    }
  });
});

test('the decoder reads no byte after the payload', () => {
  const whole = tlvs(method, ascii(2, '27.01'), ascii(3, 'A1'), u32(4, 900));
  for (let length = 0; length <= whole.length; length++) {
    const alone = frameOf(2, whole.slice(0, length));
    const between = new Uint8Array(300).fill(0x31);
    between.set(alone.payload, 20);
    const payload = new Proxy(between.subarray(20, 20 + length), {
      get(bytes, name) {
        expect(Number(name) >= length, `byte ${String(name)} of ${length}`).toBe(false);
        const value = Reflect.get(bytes, name, bytes);
        return typeof value === 'function' ? value.bind(bytes) : value;
      },
    });
    expect(decodeMessage({ ...alone, payload })).toStrictEqual(decodeMessage(alone));
  }
});

describe('a tag that belongs to another message type is unknown', () => {
  test('a tag below 0x80 is skipped, with any value', () => {
    expect(decode('HELLO', ascii(1, 'Test'), u8(0x10, 99), u32(0x20, 7), ascii(0x21, ''))).toStrictEqual({
      ok: true,
      message: { type: 'HELLO', ...header, nonce: 7 },
    });
    expect(decode('CANCEL', u8(4, 1), u8(0x20, 1))).toStrictEqual({ ok: true, message: { type: 'CANCEL', ...header } });
    expect(decode('LINK', SUCCESS, u8(0x11, 1), IDLE)).toStrictEqual({
      ok: true,
      message: { type: 'LINK', ...header, state: 'idle' },
    });
    expect(decode('PAY', method, SUCCESS, u8(0x7f, 1))).toStrictEqual({
      ok: true,
      message: { type: 'PAY', ...header, paymentMethod: 'TRUEMONEY' },
    });
  });
  test('a tag of 0x80 or higher is critical, in every type', () => {
    for (const type of Object.keys(TYPES) as Name[]) {
      for (const tag of [0x80, 0xff]) expect(decode(type, u8(tag, 1))).toStrictEqual(CRITICAL);
    }
  });
});

describe('missing fields', () => {
  const helloReply = [SUCCESS, IDLE, u32(0x20, 1), ascii(0x21, 'm'), ascii(0x22, 'f'), ascii(0x23, 's'), u32(0x24, 2)];
  const whole: [Name, Tlv[]][] = [
    ['HELLO', [u32(0x20, 1)]],
    ['PAY', [method]],
    ['LINK', [IDLE]],
    ['HELLO_REPLY', helloReply],
    ['PAY_REPLY', [SUCCESS, READY, u32(0x13, 1)]],
    ['CANCEL_REPLY', [SUCCESS, IDLE]],
    ['STATUS_REPLY', [method, SUCCESS, READY, u32(0x13, 1)]],
    ['STATUS_REPLY', [SUCCESS, IDLE]],
    ['PAY_REPLY', [u8(0x10, 2), u8(0x11, 6), IDLE]],
  ];
  test.each(whole)('%s needs each of its fields', (type, fields) => {
    expect(decode(type, ...fields)).toMatchObject({ ok: true });
    for (const field of fields) {
      const rest = fields.filter((other) => other !== field);
      // A refusal without its result is not decoded as a success, because the result itself is missing.
      expect(decode(type, ...rest), `without tag ${field.tag}`).toStrictEqual(MISSING);
    }
  });
});

describe('forms of replies', () => {
  const remaining = u32(0x13, 5);
  const taps = u8(0x14, 1);
  const reason = (value: number) => u8(0x11, value);

  test('a refusal has result, reason and state, and no other field', () => {
    for (const type of ['HELLO_REPLY', 'PAY_REPLY', 'CANCEL_REPLY', 'STATUS_REPLY'] as const) {
      expect(decode(type, u8(0x10, 2), reason(6), EXPIRED)).toStrictEqual({
        ok: true,
        message: { type, ...header, result: 'PROCESS_FAIL', reason: 6, state: 'expired' },
      });
    }
    expect(decode('PAY_REPLY', u8(0x10, 2), reason(6), IDLE, remaining)).toStrictEqual(VALUE);
    expect(decode('CANCEL_REPLY', u8(0x10, 2), reason(6), IDLE, taps)).toStrictEqual(VALUE);
    expect(decode('HELLO_REPLY', u8(0x10, 2), reason(6), IDLE, u32(0x20, 1))).toStrictEqual(VALUE);
    expect(decode('STATUS_REPLY', method, u8(0x10, 2), reason(6), READY, remaining)).toStrictEqual(VALUE);
    // A refusal with a tag that the type does not know is also accepted; the tag is skipped.
    expect(decode('PAY_REPLY', u8(0x10, 2), reason(6), IDLE, taps)).toMatchObject({ ok: true });
  });
  test('a reason that is not defined yet is accepted', () => {
    for (const value of [0, 12, 255]) {
      expect(decode('PAY_REPLY', u8(0x10, 1), reason(value), IDLE)).toMatchObject({
        ok: true,
        message: { reason: value },
      });
    }
  });
  test('a success has no reason', () => {
    expect(decode('PAY_REPLY', SUCCESS, reason(1), READY, remaining)).toStrictEqual(VALUE);
    expect(decode('CANCEL_REPLY', SUCCESS, reason(1), IDLE)).toStrictEqual(VALUE);
  });
  test('an unknown result or state is a bad value', () => {
    expect(decode('PAY_REPLY', u8(0x10, 4), reason(1), IDLE)).toStrictEqual(VALUE);
    expect(decode('PAY_REPLY', u8(0x10, 1), reason(1), u8(0x12, 4))).toStrictEqual(VALUE);
    expect(decode('CANCEL_REPLY', SUCCESS, u8(0x12, 255))).toStrictEqual(VALUE);
    expect(decode('LINK', u8(0x12, 4))).toStrictEqual(VALUE);
  });
  test('STATUS describes a live payment link', () => {
    expect(decode('STATUS_REPLY', method, ascii(2, '1'), ascii(3, 'A'), SUCCESS, READY, remaining, taps)).toStrictEqual(
      {
        ok: true,
        message: {
          type: 'STATUS_REPLY',
          ...header,
          paymentMethod: 'TRUEMONEY',
          amount: '1',
          orderId: 'A',
          result: 'SUCCESS',
          state: 'ready',
          remaining: 5,
          taps: 1,
        },
      },
    );
    expect(decode('STATUS_REPLY', SUCCESS, READY, remaining)).toStrictEqual(MISSING);
    expect(decode('STATUS_REPLY', method, SUCCESS, READY)).toStrictEqual(MISSING);
  });
  test('STATUS does not describe a payment link that is not live', () => {
    expect(decode('STATUS_REPLY', SUCCESS, EXPIRED, taps)).toMatchObject({ ok: true, message: { taps: 1 } });
    expect(decode('STATUS_REPLY', SUCCESS, EXPIRED, remaining)).toStrictEqual(VALUE);
    expect(decode('STATUS_REPLY', method, SUCCESS, EXPIRED)).toStrictEqual(VALUE);
    expect(decode('STATUS_REPLY', ascii(2, '1'), SUCCESS, EXPIRED)).toStrictEqual(VALUE);
    expect(decode('STATUS_REPLY', ascii(3, 'A'), SUCCESS, EXPIRED)).toStrictEqual(VALUE);
  });
  test('a PAY reply has 0 seconds remaining if its payment link is no longer live', () => {
    expect(decode('PAY_REPLY', SUCCESS, EXPIRED, u32(0x13, 0))).toMatchObject({ ok: true, message: { remaining: 0 } });
  });
  test('taps of 0 and absent taps are different', () => {
    expect(decode('CANCEL_REPLY', SUCCESS, IDLE, u8(0x14, 0))).toStrictEqual({
      ok: true,
      message: { type: 'CANCEL_REPLY', ...header, result: 'SUCCESS', state: 'idle', taps: 0 },
    });
    expect(decode('CANCEL_REPLY', SUCCESS, IDLE)).toStrictEqual({
      ok: true,
      message: { type: 'CANCEL_REPLY', ...header, result: 'SUCCESS', state: 'idle' },
    });
  });
});

describe("HELLO's reply", () => {
  const reply = ({ model = 'm', firmware = 'f', serial = 's', more = [] as Tlv[] } = {}) =>
    decode(
      'HELLO_REPLY',
      ...[SUCCESS, IDLE, u32(0x20, 1), ascii(0x21, model), ascii(0x22, firmware), ascii(0x23, serial), u32(0x24, 2)],
      ...more,
    );
  const plain = {
    ...{ type: 'HELLO_REPLY', ...header, result: 'SUCCESS', state: 'idle', nonce: 1 },
    ...{ model: 'm', firmware: 'f', serialNumber: 's', bootId: 2 },
  };

  test.each<[number | undefined, object]>([
    [undefined, {}],
    [0, {}],
    [1, { simulated: true }],
    [2, {}],
    [3, { simulated: true }],
    [254, {}],
    [255, { simulated: true }],
  ])('flags %s: only the lowest bit is read', (value, fields) => {
    const more = value === undefined ? [] : [u8(0x25, value)];
    expect(reply({ more })).toStrictEqual({ ok: true, message: { ...plain, ...fields } });
  });
  test('last command', () => {
    expect(reply({ more: [{ tag: 0x26, value: [0x34, 0x12, 0xff] }] })).toStrictEqual({
      ok: true,
      message: { ...plain, lastCommand: { session: 0x1234, sequence: 255 } },
    });
  });
  test.each([
    ['model', 16],
    ['firmware', 16],
    ['serial', 32],
  ] as const)('%s has 1 to %i characters of printable ASCII', (field, max) => {
    for (const good of ['a b', ' ', '~', 'x'.repeat(max)]) expect(reply({ [field]: good })).toMatchObject({ ok: true });
    for (const bad of ['', 'x'.repeat(max + 1), 'a\x1fb', '\x7f', 'é']) {
      expect(reply({ [field]: bad }), JSON.stringify(bad)).toStrictEqual(VALUE);
    }
  });
});
