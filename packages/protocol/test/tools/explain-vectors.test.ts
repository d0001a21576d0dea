import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeWire, FIELDS, REASONS, type WirePart } from '../../src/tools/index.js';
import { fromHex, VECTORS } from '../helpers.js';
import { uncobsReference } from '../reference.js';
import { explain, problemsOf } from './explained.js';

/** A decoded value in the form that a part has: a number or a string. */
function plain(value: unknown): unknown {
  if (value === true) return 1;
  return typeof value === 'object' ? Object.values(value!).join('/') : value;
}

/** What the parts say of the message, in the form of a `Message`. */
function saidBy(parts: readonly WirePart[]): Record<string, unknown> {
  const said = parts
    .filter(({ part }) => ['type', 'session', 'sequence', 'value'].includes(part))
    .map(({ part, name, value }) => [FIELDS.find((field) => field.name === name)?.property ?? part, value]);
  // A flag that is not set is no property of a message.
  return Object.fromEntries(said.filter(([property, value]) => property !== 'simulated' || value !== 0));
}

/** The bytes of the frame before COBS, made from the places of the codes. */
function frameBy(wire: Uint8Array, parts: readonly WirePart[]): number[] {
  const frame = parts.filter(({ part }) => !['delimiter', 'padding', 'cobs'].includes(part));
  return frame.flatMap(({ start, end, codes = [] }) => {
    const bytes = [...wire.subarray(start, end)];
    for (const { at } of codes) bytes[at - start] = 0;
    return bytes;
  });
}

describe('every good vector: the parts have the values of the message and no problem', () => {
  test.each(VECTORS.filter(({ message }) => message))('$name', ({ wire, message }) => {
    const parts = explain(fromHex(wire));
    const expected = Object.entries(message!).map(([property, value]) => [property, plain(value)]);
    expect(saidBy(parts)).toStrictEqual(Object.fromEntries(expected));
    expect(problemsOf(parts)).toStrictEqual([]);
    const [first, second] = parts;
    expect([first?.part, second?.part, parts.at(-2)?.part, parts.at(-1)?.part]).toStrictEqual([
      'delimiter',
      'cobs',
      'crc',
      'delimiter',
    ]);
  });
});

describe('every vector with right COBS: each code says where the next one is', () => {
  const whole = VECTORS.filter(({ error }) => error?.code !== 'cobs' && error?.code !== 'oversize');
  test.each(whole)('$name', ({ wire }) => {
    const bytes = fromHex(wire);
    const parts = explain(bytes);
    expect(frameBy(bytes, parts)).toStrictEqual(uncobsReference([...bytes].slice(1, -1)));
    const first = { at: 1, next: 1 + bytes[1]! };
    const codes = [first, ...parts.flatMap((part) => part.codes ?? [])];
    expect(codes.map(({ next }) => next)).toStrictEqual([...codes.slice(1).map(({ at }) => at), bytes.length - 1]);
  });
});

/**
 * The place and the words of each problem, by the name of the vector: the kind of the part, its first byte, and a piece
 * of the problem. Made by hand from the bytes.
 */
const FLIPPED = ['crc', 25, 'the CRC does not match the bytes'] as const;
const METHODS = 'must be one of TRUEMONEY, SEVEN_11, ALIPAY_CN, ALIPAY_PLUS (reason 2';
const AMOUNT =
  'amount must be 1 to 8 characters from 30 ("0") to 39 ("9"), and at most one 2e (".") between two of them';
const ORDER_ID = 'order id must be 1 to 16 characters from 21 ("!") to 7e ("~") (reason 3: a value breaks its rule)';
const EXPIRY = 'expiry time must be 4 bytes, a number from 1 to 2147483647 (reason 3';
const CRITICAL = 'a critical field that is not known must be refused (reason 7';
const PREVIOUS =
  'previous must be 2 bytes: one of 0 (idle), 1 (ready), 2 (expired), 3 (cancelled), and a number of taps (reason 3';
const PROBLEMS: Record<string, readonly (readonly [part: string, start: number, piece: string])[]> = {
  'one bit flipped at byte 4': [['sequence', 6, 'one bit of byte 6 is flipped: 07 must be 05'], FLIPPED],
  'one bit flipped at byte 10': [['value', 9, 'one bit of byte 12 is flipped: 4d must be 45; payment method'], FLIPPED],
  'one bit flipped at byte 13': [['value', 9, 'one bit of byte 15 is flipped: 0e must be 4e; payment method'], FLIPPED],
  'one bit flipped at byte 15': [['value', 9, 'one bit of byte 17 is flipped: 58 must be 59; payment method'], FLIPPED],
  'one bit flipped at byte 16': [['tag', 18, 'one bit of byte 18 is flipped: 12 must be 02'], FLIPPED],
  'one bit flipped at byte 25': [['crc', 25, 'one bit of byte 27 is flipped: 8a must be 8e; the CRC does not match']],
  'crc of the wrong polynomial': [['crc', 25, 'this is a CRC-32, and must be a CRC-32C']],
  'crc big-endian': [['crc', 25, 'the CRC must have its lowest byte first']],
  'only 1 bytes': [['missing', 3, 'the frame has 1 byte, but the shortest has 9']],
  'only 5 bytes': [['missing', 7, 'the frame has 5 bytes, but the shortest has 9']],
  'only 8 bytes': [['missing', 10, 'the frame has 8 bytes, but the shortest has 9']],
  'block runs past the end': [['cobs', 1, 'the last COBS block runs 3 bytes past the end']],
  oversize: [
    ['version', 2, 'the version is 65, not 1'],
    ['type', 3, 'no message has the type 0x00'],
    ['surplus', 129, 'the frame has 130 encoded bytes, and at most 128 are allowed'],
  ],
  'version 2': [['version', 2, 'the version is 2, not 1; all that follows is explained as version 1 (reason 9']],
  'unknown type': [['type', 3, 'no message has the type 0x2a (reason 8']],
  'hello without a nonce': [['missing', 7, 'this HELLO must have the field 0x20, nonce (reason 1']],
  'pay without a payment method': [['missing', 7, 'this PAY must have the field 0x01, payment method (reason 1']],
  "payment method 'Test'": [['value', 9, METHODS]],
  "payment method 'truemoney'": [['value', 9, METHODS]],
  "payment method 'TRUEMONEY '": [['value', 9, METHODS]],
  "payment method 'ALIPAY'": [['value', 9, METHODS]],
  "payment method 'SEVEN11'": [['value', 9, METHODS]],
  "payment method 'TRUEMONEYTRUE'": [['length', 8, METHODS]],
  'amount empty': [['length', 19, AMOUNT]],
  'amount of nine': [['length', 19, AMOUNT]],
  'amount negative': [['value', 20, AMOUNT]],
  'amount two points': [['value', 20, AMOUNT]],
  'amount ends in a point': [['value', 20, AMOUNT]],
  'amount starts with a point': [['value', 20, AMOUNT]],
  'amount exponent': [['value', 20, AMOUNT]],
  'amount with a comma': [['value', 20, AMOUNT]],
  'order id with a space': [['value', 20, ORDER_ID]],
  'order id of seventeen': [['length', 19, ORDER_ID]],
  'order id not ASCII': [['value', 20, ORDER_ID]],
  'order id with NUL': [['value', 20, ORDER_ID]],
  'expiry zero': [['value', 20, EXPIRY]],
  'expiry above the largest int': [['value', 20, EXPIRY]],
  'expiry of two bytes': [['length', 19, EXPIRY]],
  'expiry of five bytes': [['length', 19, EXPIRY]],
  'tag twice': [['tag', 18, 'the tags must ascend, and none may come twice (reason 3']],
  'tags descending': [['tag', 11, 'the tags must ascend, and none may come twice (reason 3']],
  'value cut short': [['length', 19, 'the value runs 3 bytes past the end of the payload (reason 3']],
  'tag without a length': [['tag', 18, 'the payload ends after this tag, before its length (reason 3']],
  'unknown critical tag': [['tag', 18, CRITICAL]],
  'wrong fixed length comes before a critical tag': [
    ['length', 19, EXPIRY],
    ['tag', 21, CRITICAL],
  ],
  'critical tag comes before a missing field': [
    ['missing', 7, 'this PAY must have the field 0x01, payment method'],
    ['tag', 7, CRITICAL],
  ],
  'payment method comes before the amount': [
    ['value', 9, METHODS],
    ['value', 15, AMOUNT],
  ],
  'version comes before the type': [
    ['version', 2, 'the version is 2, not 1; all that follows is explained as version 1 (reason 9'],
    ['type', 3, 'no message has the type 0x3f (reason 8'],
  ],
  'type comes before the payload': [
    ['type', 3, 'no message has the type 0x05 (reason 8'],
    ['tag', 7, 'the payload ends after this tag, before its length (reason 3'],
  ],
  'critical tag, then a value cut short': [
    ['tag', 18, CRITICAL],
    ['tag', 21, CRITICAL],
    ['length', 22, 'the value runs 4 bytes past the end of the payload (reason 3'],
  ],
  'missing field comes before a bad value': [
    ['missing', 7, 'this PAY must have the field 0x01, payment method (reason 1'],
    ['value', 9, AMOUNT],
  ],
  'previous of three bytes': [['length', 20, PREVIOUS]],
  'previous of a state that does not exist': [['value', 21, PREVIOUS]],
};

describe('every bad vector: each problem is at its place', () => {
  const bad = VECTORS.filter(({ error }) => error);
  test('each of them has its row', () => {
    expect(Object.keys(PROBLEMS).sort()).toStrictEqual(bad.map(({ name }) => name).sort());
  });
  test.each(bad)('$name', ({ name, wire, error }) => {
    const problems = problemsOf(explain(fromHex(wire)));
    const rows = PROBLEMS[name]!.map(([part, start, piece]) => [part, start, expect.stringContaining(piece)]);
    expect(problems).toStrictEqual(rows);
    if (error?.layer === 'message') {
      const words = REASONS.find(({ number }) => number === error.reason)!.text;
      expect(problems.some(([, , problem]) => problem.endsWith(`(reason ${error.reason}: ${words})`))).toBe(true);
    }
  });
});

test('the README quotes what the parts of its frame say', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, hex = '', quoted = ''] = /from\('([0-9a-f]+)', 'hex'\);\n[^`]*?\n\}\n([^`]*)/.exec(readme) ?? [];
  const lines = quoted.trim().replaceAll('\n//   ', ' ').split('\n');
  const bad = explain(fromHex(hex)).filter(({ problem }) => problem !== undefined);
  const said = bad.map(({ start, end, part, value, problem }) => [start, end, part, value, problem].join(' '));
  expect(lines).toStrictEqual(said.map((line) => `// ${line}`));
  expect(said).toHaveLength(2);
});

test('every wire of every file of vectors has a problem if, and only if, it is not a message', () => {
  const folder = new URL('../../../../vectors/', import.meta.url);
  const wires: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    JSON.parse(readFileSync(new URL(file, folder), 'utf8'), (key, value) => {
      if (key === 'wire' && typeof value === 'string') wires.push(value);
      return value;
    });
  }
  expect(wires.length).toBeGreaterThanOrEqual(VECTORS.length);
  for (const wire of wires) {
    const bytes = fromHex(wire);
    expect(problemsOf(explain(bytes)).length === 0, wire).toBe(decodeWire(bytes).every(({ ok }) => ok));
  }
});
