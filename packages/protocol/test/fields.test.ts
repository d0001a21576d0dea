import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkCancelCommand,
  checkPayCommand,
  decodeMessage,
  describeReason,
  type FieldError,
  MAX_EXPIRY_TIME,
  PaymentMethod,
  RESULT_OF_REASON,
  Reason,
} from '../src/index.js';
import { amount, expiryTime, orderId, paymentMethod } from './arbitraries.js';
import { frameOf } from './helpers.js';
import { ascii, type Tlv, tlvs, u32 } from './reference.js';

const method = 'TRUEMONEY';
/** The errors in short: field and reason. */
const short = (errors: readonly FieldError[]) => errors.map(({ field, reason }) => `${field} ${reason}`);
const pay = (changes: object) => short(checkPayCommand({ paymentMethod: method, ...changes }));

describe('PayCommand', () => {
  test.each(Object.values(PaymentMethod))('%s is a payment method', (name) => {
    expect(checkPayCommand({ paymentMethod: name })).toStrictEqual([]);
  });
  test('no other text is', () => {
    for (const bad of [
      'Test',
      'truemoney',
      'TRUEMONEY ',
      ' TRUEMONEY',
      'TRUEMONE',
      'TRUEMONEYTRUE',
      '',
      'ALIPAY',
      'toString',
    ]) {
      expect(pay({ paymentMethod: bad }), bad).toStrictEqual(['paymentMethod 2']);
    }
  });
  test('it is required', () => {
    expect(short(checkPayCommand({}))).toStrictEqual(['paymentMethod 1']);
    expect(pay({ paymentMethod: undefined })).toStrictEqual(['paymentMethod 1']);
    expect(pay({ paymentMethod: null })).toStrictEqual(['paymentMethod 2']);
  });

  test.each(['0', '100', '0.50', '99999.99', '00000000', '1.5', '12345678', '0.000001'])('amount %s', (good) => {
    expect(pay({ amount: good })).toStrictEqual([]);
  });
  test.each([
    '',
    '.',
    '.5',
    '5.',
    '1..2',
    '1.2.3',
    '-1',
    '+1',
    '1e5',
    '1,5',
    ' 1',
    '1 ',
    '0x10',
    '123456789',
    '1234567.8',
    '١',
  ])('not amount %j', (bad) => {
    expect(pay({ amount: bad })).toStrictEqual(['amount 3']);
  });

  test.each(['!', '~', 'POS1-0042', 'x'.repeat(16), '"\\'])('order id %j', (good) => {
    expect(pay({ orderId: good })).toStrictEqual([]);
  });
  test.each(['', 'a b', ' ', 'x'.repeat(17), 'a\n', '\x7f', 'a\0', 'é', 'Ł', '😀', '\ud800', 'x'.repeat(1e6)])(
    'not order id %j',
    (bad) => {
      expect(pay({ orderId: bad })).toStrictEqual(['orderId 3']);
    },
  );

  test.each([1, 900, MAX_EXPIRY_TIME])('expiry time %d', (good) => {
    expect(pay({ expiryTime: good })).toStrictEqual([]);
  });
  test.each([
    0,
    -0,
    -1,
    0.5,
    1.5,
    MAX_EXPIRY_TIME + 1,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '900',
    900n,
    null,
  ])('not expiry time %s', (bad) => {
    expect(pay({ expiryTime: bad })).toStrictEqual(['expiryTime 3']);
  });

  test('a value of the wrong type is refused for every field', () => {
    const wrong = [null, true, Symbol('s'), 5n, [], ['A'], {}, () => 'A', new String('1'), new Date(0)];
    for (const value of wrong) {
      expect(pay({ paymentMethod: value })).toStrictEqual(['paymentMethod 2']);
      expect(pay({ amount: value })).toStrictEqual(['amount 3']);
      expect(pay({ orderId: value })).toStrictEqual(['orderId 3']);
      expect(pay({ expiryTime: value })).toStrictEqual(['expiryTime 3']);
      expect(short(checkCancelCommand({ orderId: value }))).toStrictEqual(['orderId 3']);
    }
    // The mistake that everybody makes once.
    expect(pay({ amount: 120 })).toStrictEqual(['amount 3']);
    expect(pay({ orderId: 42 })).toStrictEqual(['orderId 3']);
  });

  test('undefined is absent', () => {
    expect(pay({ amount: undefined, orderId: undefined, expiryTime: undefined })).toStrictEqual([]);
  });
  test('every broken field is reported, in the order of the tags', () => {
    expect(short(checkPayCommand({ expiryTime: 0, orderId: '', amount: '', paymentMethod: '' }))).toStrictEqual([
      'paymentMethod 2',
      'amount 3',
      'orderId 3',
      'expiryTime 3',
    ]);
  });
  test('an unknown field is reported, so that a misspelt one is not lost', () => {
    expect(pay({ orderID: 'A' })).toStrictEqual(['orderID 3']);
    expect(pay({ toString: 1, constructor: 2 })).toStrictEqual(['toString 3', 'constructor 3']);
    expect(short(checkPayCommand(JSON.parse('{"paymentMethod":"TRUEMONEY","__proto__":{}}')))).toStrictEqual([
      '__proto__ 3',
    ]);
  });
});

describe('CancelCommand', () => {
  test('with and without an order id', () => {
    expect(checkCancelCommand({})).toStrictEqual([]);
    expect(checkCancelCommand({ orderId: undefined })).toStrictEqual([]);
    expect(checkCancelCommand({ orderId: 'POS1-0042' })).toStrictEqual([]);
    expect(short(checkCancelCommand({ orderId: 'a b' }))).toStrictEqual(['orderId 3']);
    expect(short(checkCancelCommand({ orderid: 'A', paymentMethod: method }))).toStrictEqual([
      'orderid 3',
      'paymentMethod 3',
    ]);
  });
});

describe.each([
  ['checkPayCommand', checkPayCommand],
  ['checkCancelCommand', checkCancelCommand],
])('%s takes anything', (_, check) => {
  test('what is no object with named fields is refused as a whole', () => {
    const things = [
      undefined,
      null,
      5,
      'A',
      true,
      1n,
      Symbol('s'),
      () => ({}),
      [],
      ['A1'],
      new Map([['orderId', 'A']]),
    ];
    for (const thing of [...things, new Set(), new String('A'), new Uint8Array(2)]) {
      expect(short(check(thing))).toStrictEqual(['command 3']);
    }
  });
  test('it never throws', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const throwing = {
      get orderId(): string {
        throw new Error('no');
      },
    };
    for (const thing of [proxy, throwing, { orderId: proxy }]) {
      const errors = check(thing);
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.every(({ reason }) => reason >= 1 && reason <= 3)).toBe(true);
    }
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (thing) => {
          check(thing);
          check({ paymentMethod: thing, amount: thing, orderId: thing, expiryTime: thing });
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('fields may come from a prototype or a getter, and an object may have no prototype', () => {
  class Order {
    get paymentMethod() {
      return method;
    }
    get amount() {
      return '1,5';
    }
  }
  expect(short(checkPayCommand(new Order()))).toStrictEqual(['amount 3']);
  expect(checkPayCommand(Object.create({ paymentMethod: method }))).toStrictEqual([]);
  expect(checkPayCommand(Object.assign(Object.create(null), { paymentMethod: method }))).toStrictEqual([]);
});

describe('what it says to a person', () => {
  const say = (changes: object) => checkPayCommand({ paymentMethod: method, ...changes })[0]!.message;
  test.each<[object, RegExp]>([
    [{ paymentMethod: 'Test' }, /^must be one of TRUEMONEY, SEVEN_11, ALIPAY_CN, ALIPAY_PLUS.*"Test"$/],
    [{ paymentMethod: undefined }, /^is missing; it must be one of/],
    [{ amount: 120 }, /string of digits.*but is 120$/],
    [{ amount: null }, /but is null$/],
    [{ amount: 5n }, /but is 5$/],
    [{ amount: Symbol('s') }, /but is Symbol\(s\)$/],
    [{ amount: {} }, /but is of type object$/],
    [{ amount: () => 1 }, /but is of type function$/],
    [{ orderId: 'x'.repeat(41) }, /but is "x{40}\.\.\."$/],
    [{ orderId: 'a\n' }, /but is "a\\n"$/],
    [{ expiryTime: 0 }, /1 to 2147483647, but is 0$/],
    [{ orderID: 'A' }, /^is not a field here; these are: paymentMethod, amount, orderId, expiryTime$/],
  ])('%#', (changes, expected) => {
    expect(say(changes)).toMatch(expected);
  });
  test('about the command itself', () => {
    expect(checkPayCommand(null)[0]).toMatchObject({
      field: 'command',
      message: expect.stringMatching(/object.*null$/),
    });
  });
  test('about a reason', () => {
    const texts = Object.values(Reason).map((reason) => describeReason(reason));
    expect(new Set(texts).size).toBe(11);
    expect(describeReason(10)).toMatch(/sequence/);
    for (const unknown of [0, 12, 255])
      expect(describeReason(unknown)).toBe(`reason ${unknown}, which this version does not know`);
  });
  test('the result of every reason is that of section 3', () => {
    const results = Object.values(Reason).map((reason) => [reason, RESULT_OF_REASON[reason]]);
    expect(Object.fromEntries(results)).toStrictEqual({
      ...{ 1: 'PARAM_ILLEGAL', 2: 'PARAM_ILLEGAL', 3: 'PARAM_ILLEGAL', 7: 'PARAM_ILLEGAL' },
      ...{
        4: 'PROCESS_FAIL',
        5: 'PROCESS_FAIL',
        6: 'PROCESS_FAIL',
        8: 'PROCESS_FAIL',
        9: 'PROCESS_FAIL',
        10: 'PROCESS_FAIL',
      },
      11: 'UNKNOWN_EXCEPTION',
    });
  });
});

describe('both sides of the wire agree', () => {
  /** A value near the border of its rule. */
  const almost = (good: fc.Arbitrary<string>) =>
    fc.oneof(
      good,
      fc
        .tuple(good, fc.string({ maxLength: 2 }), fc.nat(20))
        .map(([text, more, at]) => text.slice(0, at) + more + text.slice(at)),
      fc.string({ maxLength: 20 }),
    );
  const command = fc.record(
    {
      paymentMethod: fc.oneof({ weight: 4, arbitrary: paymentMethod }, almost(paymentMethod)),
      amount: almost(amount),
      orderId: almost(orderId),
      expiryTime: fc.oneof(expiryTime, fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 0x80000000)),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  function fieldsOf(given: typeof command extends fc.Arbitrary<infer T> ? T : never): Tlv[] {
    const list: Tlv[] = [];
    if (given.paymentMethod !== undefined) list.push(ascii(1, given.paymentMethod));
    if (given.amount !== undefined) list.push(ascii(2, given.amount));
    if (given.orderId !== undefined) list.push(ascii(3, given.orderId));
    if (given.expiryTime !== undefined) list.push(u32(4, given.expiryTime));
    return list;
  }

  test('a PayCommand passes the check exactly when a device accepts it, and for the same reason', () => {
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(command, (given) => {
        const decoded = decodeMessage(frameOf(2, tlvs(...fieldsOf(given))));
        const [first] = checkPayCommand(given);
        expect(first?.reason).toBe(decoded.ok ? undefined : decoded.error.reason);
        counts[decoded.ok ? 'accepted' : 'refused']++;
      }),
      { numRuns: 3000 },
    );
    expect(counts.accepted).toBeGreaterThan(200);
    expect(counts.refused).toBeGreaterThan(200);
  });

  test('a CancelCommand too', () => {
    fc.assert(
      fc.property(almost(orderId), (id) => {
        const decoded = decodeMessage(frameOf(3, tlvs(ascii(3, id))));
        const [first] = checkCancelCommand({ orderId: id });
        expect(first?.reason).toBe(decoded.ok ? undefined : decoded.error.reason);
      }),
      { numRuns: 500 },
    );
  });
});
