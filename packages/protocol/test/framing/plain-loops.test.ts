import fc from 'fast-check';
import { expect, test } from 'vitest';
import { put, type Writable } from '../../src/codec/put.js';
import { copyToZero } from '../../src/framing/copy-to-zero.js';
import { FIELDS } from '../../src/tools/index.js';
import { noise } from '../arbitraries.js';

// Some functions are longer than a plain loop, because they must be fast. Each must do the same as its plain loop.
// crc.test.ts has the test of the CRC.

test('copyToZero copies the same as a loop over single bytes, and reads and writes no other byte', () => {
  fc.assert(
    fc.property(noise, fc.nat(9), fc.nat(300), fc.nat(9), (bytes, start, length, at) => {
      const end = Math.min(bytes.length, start + length);
      const expected = new Uint8Array(400).fill(0xee);
      let count = 0;
      while (start + count < end && bytes[start + count] !== 0) {
        expected[at + count] = bytes[start + count]!;
        count++;
      }
      const copied = new Uint8Array(400).fill(0xee);
      expect(copyToZero(bytes, start, end, copied, at)).toBe(count);
      expect(copied).toStrictEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('put assigns any value to every field', () => {
  for (const { property } of FIELDS) {
    for (const value of ['A', 0, true, { session: 1, sequence: 1 }]) {
      const message: Writable = { type: 'STATUS', session: 1, sequence: 2 };
      put(message, property, value);
      expect(message).toStrictEqual({ type: 'STATUS', session: 1, sequence: 2, [property]: value });
    }
  }
});
