import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../src/index.js';
import { decodeWire } from '../../src/tools/index.js';
import { fromHex, toHex, VECTORS } from '../helpers.js';
import { cobsReference, crcBitwise, uncobsReference } from '../reference.js';

test('all vectors are present', () => {
  expect(VECTORS).toHaveLength(122);
  expect(new Set(VECTORS.map(({ name }) => name)).size).toBe(122);
});

describe('every vector decodes to exactly one entry', () => {
  test.each(VECTORS)('$name', ({ wire, message, error }) => {
    const expected = message ? { ok: true, message } : { ok: false, error };
    expect(decodeWire(fromHex(wire))).toStrictEqual([expected]);
  });
});

describe('every message encodes to its vector', () => {
  const whole = VECTORS.filter(({ message, name }) => message && !/unknown/.test(name));
  test('all messages except those with unknown tags', () => {
    expect(whole).toHaveLength(VECTORS.filter(({ message }) => message).length - 3);
  });
  test.each(whole)('$name', ({ wire, message }) => {
    expect(toHex(encodeMessage(message!))).toBe(wire);
  });
});

test('the reference, which the other tests use, also reads the vectors', () => {
  for (const { name, wire, message } of VECTORS) {
    const encoded = [...fromHex(wire)].slice(1, -1);
    const frame = uncobsReference(encoded);
    if (!message || !frame) continue;
    expect(cobsReference(Uint8Array.from(frame)), name).toStrictEqual(encoded);
    const crc = frame.slice(-4).reduceRight((value, byte) => value * 256 + byte, 0);
    expect(crcBitwise(Uint8Array.from(frame.slice(0, -4))), name).toBe(crc);
  }
});
