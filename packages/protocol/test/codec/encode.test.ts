import { describe, expect, test } from 'vitest';
import { encodeMessage, type Message, type Refused } from '../../src/index.js';
import { decodeWire, encodeFrame } from '../../src/tools/index.js';
import { frameIn, toHex } from '../helpers.js';

const at = { session: 1, sequence: 2 };
const refusal: Refused<'PAY_REPLY'> = { type: 'PAY_REPLY', ...at, result: 'PROCESS_FAIL', reason: 6, state: 'idle' };
const VALID = {
  HELLO: { type: 'HELLO', ...at, nonce: 1 },
  PAY: { type: 'PAY', ...at, paymentMethod: 'TRUEMONEY' },
  CANCEL: { type: 'CANCEL', ...at },
  STATUS: { type: 'STATUS', ...at },
  LINK: { type: 'LINK', ...at, state: 'idle' },
  HELLO_REPLY: {
    ...{ type: 'HELLO_REPLY', ...at, result: 'SUCCESS', state: 'idle', nonce: 1 },
    ...{ model: 'm', firmware: 'f', serialNumber: 's', bootId: 2 },
  },
  PAY_REPLY: { type: 'PAY_REPLY', ...at, result: 'SUCCESS', state: 'ready', remaining: 3 },
  CANCEL_REPLY: { type: 'CANCEL_REPLY', ...at, result: 'SUCCESS', state: 'idle' },
  STATUS_REPLY: {
    ...{ type: 'STATUS_REPLY', ...at, result: 'SUCCESS', state: 'ready' },
    ...{ remaining: 3, paymentMethod: 'TRUEMONEY' },
  },
} as const satisfies Record<string, Message>;

function encodeWith(message: object, changes: object): Uint8Array {
  return encodeMessage({ ...message, ...changes } as Message);
}

describe('an error names the field', () => {
  const NOT_BYTES = [-1, 256, 1.5, Number.NaN, '1', null, 1n, true, Symbol('s'), {}];
  const NOT_TEXTS = [
    '',
    'é',
    'ŁŁ',
    'a\n',
    'x'.repeat(33),
    'x'.repeat(400),
    5,
    null,
    ['a'],
    Symbol('s'),
    new String('A'),
  ];
  const NOT_NAMES = ['', 'toString', 'success', 0, null, Symbol('s'), ['SUCCESS']];
  const rows: [keyof typeof VALID, string, readonly unknown[]][] = [
    ['PAY', 'session', [-1, 65536, 0.5, '1', null, undefined, 1n, Symbol('s')]],
    ['PAY', 'sequence', [-1, 256, 0.5, '1', null, undefined, 1n, Symbol('s')]],
    ['PAY', 'paymentMethod', ['Test', 'truemoney', 'TRUEMONEY ', ...NOT_TEXTS]],
    ['PAY', 'amount', ['.5', '5.', '1.2.3', '-1', '1e5', '1,5', '123456789', ...NOT_TEXTS]],
    ['PAY', 'orderId', ['a b', 'x'.repeat(17), '\x7f', ...NOT_TEXTS]],
    ['PAY', 'expiryTime', [0, -1, 1.5, 2147483648, '900', null, 1n, Number.NaN, Symbol('s')]],
    ['CANCEL', 'orderId', NOT_TEXTS],
    ['LINK', 'state', NOT_NAMES],
    ['LINK', 'taps', NOT_BYTES],
    ['PAY_REPLY', 'result', NOT_NAMES],
    ['STATUS_REPLY', 'result', ['', 0, null]],
    ['PAY_REPLY', 'remaining', [-1, 2 ** 32, 0.5, '1', null, 1n]],
    ['HELLO', 'nonce', [-1, 2 ** 32, 0.5, '1', null, 1n]],
    ['HELLO_REPLY', 'bootId', [-1, 2 ** 32, 0.5, '1', null, 1n]],
    ['HELLO_REPLY', 'model', ['x'.repeat(17), ...NOT_TEXTS]],
    ['HELLO_REPLY', 'firmware', ['x'.repeat(17), ...NOT_TEXTS]],
    ['HELLO_REPLY', 'serialNumber', NOT_TEXTS],
    ['HELLO_REPLY', 'simulated', [0, 1, 'true', null, {}]],
    [
      'HELLO_REPLY',
      'lastCommand',
      [null, 5, 'a', {}, { session: 1 }, { session: 65536, sequence: 1 }, { session: 1, sequence: 256 }],
    ],
    ['HELLO_REPLY', 'tapSource', [null, 0, 'reads', {}]],
    [
      'PAY_REPLY',
      'previous',
      [null, 5, {}, { state: 'ready' }, { state: 'live', taps: 1 }, { state: 'ready', taps: 256 }],
    ],
  ];
  test.each(rows)('%s: %s', (type, field, values) => {
    expect(() => encodeMessage(VALID[type])).not.toThrow();
    for (const value of values) {
      const error = expect(() => encodeWith(VALID[type], { [field]: value }), String(value));
      error.toThrow(RangeError);
      error.toThrow(new RegExp(`\\b${field}\\b`));
    }
  });

  test('the reason of a refusal', () => {
    for (const reason of NOT_BYTES) expect(() => encodeWith(refusal, { reason })).toThrow(/PAY_REPLY: reason/);
  });

  test('a type that does not exist', () => {
    for (const type of ['NOPE', 'toString', '__proto__', 'constructor', undefined, null, 2, Symbol('s')]) {
      expect(() => encodeWith(VALID.PAY, { type })).toThrow(/is not a message type/);
    }
  });
});

describe('a missing field is named', () => {
  const rows: [keyof typeof VALID, readonly string[]][] = [
    ['HELLO', ['nonce']],
    ['PAY', ['paymentMethod']],
    ['LINK', ['state']],
    ['HELLO_REPLY', ['result', 'state', 'nonce', 'model', 'firmware', 'serialNumber', 'bootId']],
    ['PAY_REPLY', ['result', 'state', 'remaining']],
    ['CANCEL_REPLY', ['result', 'state']],
    ['STATUS_REPLY', ['result', 'remaining', 'paymentMethod']],
  ];
  test.each(rows)('%s', (type, fields) => {
    for (const field of fields) {
      expect(() => encodeWith(VALID[type], { [field]: undefined })).toThrow(`${type}: ${field} is missing`);
    }
  });
  test('in a refusal', () => {
    expect(() => encodeWith(refusal, { reason: undefined })).toThrow('PAY_REPLY: reason is missing');
    expect(() => encodeWith(refusal, { state: undefined })).toThrow('PAY_REPLY: state is missing');
  });
});

describe('a field in excess is named', () => {
  test.each<[string, object, object, string]>([
    ['a refusal with a remaining time', refusal, { remaining: 1 }, 'remaining'],
    ['a success with a reason', VALID.PAY_REPLY, { reason: 1 }, 'reason'],
    [
      'STATUS of an expired payment link',
      VALID.STATUS_REPLY,
      { state: 'expired', paymentMethod: undefined },
      'remaining',
    ],
    ['STATUS in the state idle', VALID.STATUS_REPLY, { state: 'idle', remaining: undefined }, 'paymentMethod'],
  ])('%s', (_, message, changes, field) => {
    expect(() => encodeWith(message, changes)).toThrow(`${field} does not belong here`);
  });
});

test('a property that the type does not have is ignored', () => {
  const odd = {
    nonce: 'x',
    taps: -1,
    amount: 5,
    orderId: null,
    expiryTime: 0,
    paymentMethod: 1,
    simulated: 9n,
    lastCommand: 7,
  };
  const oddResult = { result: 'PROCESS_FAIL', reason: 9 };
  for (const type of ['HELLO', 'PAY', 'CANCEL', 'STATUS', 'LINK'] as const) {
    expect(toHex(encodeWith(oddResult, VALID[type]))).toBe(toHex(encodeMessage(VALID[type])));
  }
  expect(() => encodeWith(VALID.HELLO, { ...oddResult, nonce: undefined })).toThrow('HELLO: nonce is missing');
  expect(toHex(encodeWith(odd, VALID.STATUS))).toBe(toHex(encodeMessage(VALID.STATUS)));
  const { taps: _taps, orderId: _orderId, ...oddForLink } = odd;
  expect(toHex(encodeWith(oddForLink, VALID.LINK))).toBe(toHex(encodeMessage(VALID.LINK)));
});

test('a getter is called once, so the checked value is the encoded value', () => {
  let asked = 0;
  const message: Message = {
    ...VALID.PAY,
    get orderId() {
      return ++asked === 1 ? 'A' : 'B\0';
    },
  };
  expect(toHex(encodeMessage(message))).toContain('030141');
  expect(asked).toBe(1);
});

describe('a message that changes while it is read', () => {
  /** A property that returns the values one after the other, and then always the last value. */
  const turning = (name: string, ...values: unknown[]) =>
    Object.defineProperty({}, name, { get: () => (values.length > 1 ? values.shift() : values[0]) });

  test('is encoded with the first value of its result, or refused', () => {
    const message = Object.create(
      turning('result', 'SUCCESS', 'PROCESS_FAIL'),
      Object.getOwnPropertyDescriptors(VALID.CANCEL_REPLY),
    );
    delete message.result;
    expect(toHex(encodeMessage(message))).toBe(toHex(encodeMessage(VALID.CANCEL_REPLY)));
  });
  test('is encoded with the first value of its state', () => {
    const { state: _, ...rest } = VALID.STATUS_REPLY;
    const message = Object.create(turning('state', 'ready', 'idle'), Object.getOwnPropertyDescriptors(rest));
    expect(toHex(encodeMessage(message))).toBe(toHex(encodeMessage(VALID.STATUS_REPLY)));
  });
  test('is encoded with the first values of the parts of its last command', () => {
    const lastCommand = Object.create(turning('sequence', 7, 256), { session: { value: 5 } });
    const expected = encodeWith(VALID.HELLO_REPLY, { lastCommand: { session: 5, sequence: 7 } });
    expect(toHex(encodeWith(VALID.HELLO_REPLY, { lastCommand }))).toBe(toHex(expected));
  });
  test('may encode another message during the call', () => {
    const busy = <T>(value: T) => {
      encodeWith(VALID.PAY, { orderId: 'ANOTHER', expiryTime: 0x7fffffff });
      return value;
    };
    const message = {
      ...VALID.HELLO_REPLY,
      get serialNumber() {
        return busy('s');
      },
      lastCommand: {
        get session() {
          return busy(1);
        },
        sequence: 2,
      },
    };
    const expected = encodeWith(VALID.HELLO_REPLY, { lastCommand: { session: 1, sequence: 2 } });
    expect(toHex(encodeMessage(message))).toBe(toHex(expected));
  });
});

test('a flag that is not set can be encoded, and is omitted by the decoder', () => {
  const wire = encodeWith(VALID.HELLO_REPLY, { simulated: false });
  expect(toHex(frameIn(wire))).toContain('250100');
  expect(decodeWire(wire)).toStrictEqual([{ ok: true, message: VALID.HELLO_REPLY }]);
});

test('properties of the prototype count as properties of the message', () => {
  const message = Object.create({ ...VALID.PAY, amount: '1.5', orderId: 'A' });
  expect(toHex(encodeMessage(message))).toBe(toHex(encodeWith(VALID.PAY, { amount: '1.5', orderId: 'A' })));
});

describe('encodeFrame', () => {
  test('names the value that does not fit', () => {
    const parts = { type: 2, session: 1, sequence: 1 };
    for (const bad of [-1, 0.5, 65536, '1', null, 1n]) {
      for (const field of ['version', 'type', 'session', 'sequence']) {
        expect(() => encodeFrame({ ...parts, [field]: bad })).toThrow(new RegExp(`^${field} `));
      }
    }
    for (const field of ['version', 'type', 'sequence'])
      expect(() => encodeFrame({ ...parts, [field]: 256 })).toThrow(field);
  });
  test('does not change the payload', () => {
    const payload = Uint8Array.of(1, 0, 2);
    const wire = encodeFrame({ version: 7, type: 0x33, session: 0x0102, sequence: 3, payload });
    expect(toHex(frameIn(wire))).toMatch(/^0733020103010002.{8}$/);
    expect([...payload]).toStrictEqual([1, 0, 2]);
  });
});
