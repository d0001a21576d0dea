import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMessage, type FieldName, isFieldValid, Reason } from '../../src/index.js';
import { resultOf } from '../../src/tools/index.js';
import { amount, expiryTime, orderId, paymentMethod } from '../arbitraries.js';
import { frameOf } from '../helpers.js';
import { ascii, type Tlv, tlvs, u32 } from '../reference.js';

test('every reason has the result of section 3; a reason of a later version has UNKNOWN_EXCEPTION', () => {
  const of = (...reasons: number[]) => new Set(reasons.map((reason) => resultOf(reason)));
  expect(of(1, 2, 3, 7)).toStrictEqual(new Set(['PARAM_ILLEGAL']));
  expect(of(4, 5, 6, 8, 9, 10)).toStrictEqual(new Set(['PROCESS_FAIL']));
  expect(of(0, 11, 12, 255)).toStrictEqual(new Set(['UNKNOWN_EXCEPTION']));
  expect(Object.values(Reason)).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

describe('both sides of the wire agree', () => {
  /** A value that almost obeys or almost breaks its rule. */
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

  test('a device accepts a PAY if and only if its fields are valid', () => {
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(command, (given) => {
        const decoded = decodeMessage(frameOf(2, tlvs(...fieldsOf(given))));
        const valid = (['amount', 'orderId', 'expiryTime'] as const).every(
          (name) => given[name] === undefined || isFieldValid(name, given[name]),
        );
        expect(decoded.ok).toBe(valid && isFieldValid('paymentMethod', given.paymentMethod));
        counts[decoded.ok ? 'accepted' : 'refused']++;
      }),
      { numRuns: 3000 },
    );
    expect(counts.accepted).toBeGreaterThan(200);
    expect(counts.refused).toBeGreaterThan(200);
  });

  test('the same for the order id of a CANCEL', () => {
    fc.assert(
      fc.property(almost(orderId), (id) => {
        const decoded = decodeMessage(frameOf(3, tlvs(ascii(3, id))));
        expect(decoded.ok).toBe(isFieldValid('orderId', id));
      }),
      { numRuns: 500 },
    );
  });
});

test('isFieldValid returns false for an unknown field name', () => {
  for (const name of ['amuont', '', 'length', 'push', 'toString', '__proto__', '2', '39']) {
    for (const value of ['1', 1, undefined, null]) expect(isFieldValid(name as FieldName, value), name).toBe(false);
  }
});
