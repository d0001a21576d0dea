import { encodeMessage, Reason } from '@bluetap/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkCancelCommand,
  checkPayCommand,
  describeReason,
  type FieldError,
  PaymentMethod,
} from '../../src/index.js';

const MAX_EXPIRY_TIME = 2147483647;
const method = 'TRUEMONEY';
/** Each error as its field and reason. */
const short = (errors: readonly FieldError[]) => errors.map(({ field, reason }) => `${field} ${reason}`);
const pay = (changes: object) => short(checkPayCommand({ paymentMethod: method, ...changes }));

describe('PayCommand', () => {
  test.each(Object.values(PaymentMethod))('%s is a payment method', (name) => {
    expect(checkPayCommand({ paymentMethod: name })).toStrictEqual([]);
  });
  test('no other string is a payment method', () => {
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
  test('the payment method is required', () => {
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
    // This mistake is common.
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
])('%s accepts any value', (_, check) => {
  test('a value that is not an object with named fields is refused', () => {
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
  test('the check never throws', () => {
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

describe('the messages for a person', () => {
  const say = (changes: object) => checkPayCommand({ paymentMethod: method, ...changes })[0]!.message;
  test.each<[object, RegExp]>([
    [{ paymentMethod: 'Test' }, /^must be one of TRUEMONEY, SEVEN_11, ALIPAY_CN, ALIPAY_PLUS.*"Test"$/],
    [{ paymentMethod: undefined }, /^is missing; it must be one of/],
    [{ amount: 120 }, /string of digits.*but is 120$/],
    [{ amount: null }, /but is null$/],
    [{ amount: 5n }, /but is 5$/],
    [{ amount: Symbol('s') }, /but is Symbol\(s\)$/],
    [{ amount: {} }, /but is an object$/],
    [{ amount: () => 1 }, /but is a function$/],
    [{ orderId: 'x'.repeat(41) }, /but is "x{40}\.\.\."$/],
    [{ orderId: 'a\n' }, /but is "a\\n"$/],
    [{ expiryTime: 0 }, /1 to 2147483647, but is 0$/],
    [{ orderID: 'A' }, /^is not a field of this command; its fields are: paymentMethod, amount, orderId, expiryTime$/],
  ])('%#', (changes, expected) => {
    expect(say(changes)).toMatch(expected);
  });
  test('for the command itself', () => {
    expect(checkPayCommand(null)[0]).toMatchObject({
      field: 'command',
      message: expect.stringMatching(/object.*null$/),
    });
  });
  test('for a reason', () => {
    const texts = Object.values(Reason).map((reason) => describeReason(reason));
    expect(new Set(texts).size).toBe(Object.keys(Reason).length);
    expect(describeReason(10)).toMatch(/sequence/);
    for (const unknown of [0, 12, 255])
      expect(describeReason(unknown)).toBe(`reason ${unknown}, which this version does not know`);
  });
});

test('a command passes the check exactly when it can be encoded, and the first error names the same field', () => {
  const near = (good: string) =>
    fc
      .tuple(fc.string({ maxLength: 2 }), fc.nat(20), fc.nat(3))
      .map(([more, at, cut]) => good.slice(0, at) + more + good.slice(at + cut));
  const command = fc.record(
    {
      paymentMethod: fc.constantFrom('TRUEMONEY', 'ALIPAY_PLUS', 'ALIPAY', undefined),
      amount: fc.oneof(near('120.00'), fc.constantFrom(undefined, 120)),
      orderId: fc.oneof(near('POS1-0042'), fc.constant(undefined)),
      expiryTime: fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(undefined, 1, '900')),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const counts = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(command, (given) => {
      const [first] = checkPayCommand(given);
      const encode = () =>
        encodeMessage({ type: 'PAY', session: 1, sequence: 1, ...(given as { paymentMethod: never }) });
      if (first) expect(encode).toThrow(`PAY: ${first.field} `);
      else expect(encode).not.toThrow();
      counts[first ? 'refused' : 'accepted']++;
    }),
    { numRuns: 3000 },
  );
  expect(counts.accepted).toBeGreaterThan(50);
  expect(counts.refused).toBeGreaterThan(200);
});
