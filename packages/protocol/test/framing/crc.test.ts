import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFrame } from '../../src/framing/frame.js';
import { type Frame, FrameDecoder } from '../../src/index.js';
import { crc32c, encodeFrame, frameBytes } from '../../src/tools/index.js';
import { frameIn, fromHex, readAll, toHex, VECTORS } from '../helpers.js';
import { cobsReference, crcBitwise, uncobsReference, wireReference } from '../reference.js';

const FRAMES = VECTORS.filter(({ message }) => message).map(({ wire }) => frameIn(fromHex(wire)));
/** A frame in the buffer of a decoder. The byte before it is the place of the first COBS code. */
const received = (frame: Iterable<number>) => Uint8Array.of(0xaa, ...frame);
const problemOf = (bytes: Uint8Array, end = bytes.length) => {
  const found = readFrame(bytes, 1, end);
  return typeof found === 'string' ? found : undefined;
};
const RECEIVED = FRAMES.map(received);

describe('CRC-32C', () => {
  test('check value', () => {
    const digits = new TextEncoder().encode('123456789');
    expect(crc32c(digits)).toBe(0xe3069283);
    expect(crcBitwise(digits)).toBe(0xe3069283);
  });
  test('every length from 0 to 64, at every alignment of the start offset', () => {
    const bytes = Uint8Array.from({ length: 80 }, (_, at) => (at * 151 + 7) & 0xff);
    for (let length = 0; length <= 64; length++) {
      for (let start = 0; start < 9; start++) {
        const expected = crcBitwise(bytes.subarray(start, start + length));
        expect(crc32c(bytes, start, start + length)).toBe(expected);
        expect(crc32c(bytes.subarray(start, start + length))).toBe(expected);
      }
    }
  });
  test('arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(crc32c(bytes)).toBe(crcBitwise(bytes));
      }),
    );
  });
});

describe('COBS', () => {
  test('encodes as the reference does', () => {
    const payload = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { maxLength: 118 });
    fc.assert(
      fc.property(payload, (bytes) => {
        const wire = encodeFrame({ type: 0, session: 0, sequence: 0, payload: Uint8Array.from(bytes) });
        const frame = frameIn(wire);
        expect([...frame.subarray(5, -4)]).toStrictEqual(bytes);
        expect(toHex(wire)).toBe(toHex(wireReference(frame)));
      }),
      { numRuns: 500 },
    );
  });
  test('decodes any bytes as the reference does', () => {
    const encoded = fc.array(fc.oneof(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 1, max: 6 })), {
      minLength: 1,
      maxLength: 128,
    });
    fc.assert(
      fc.property(encoded, (bytes) => {
        const frame = uncobsReference(bytes);
        let expected = 'cobs';
        if (frame) expected = problemOf(received(frame)) ?? toHex(Uint8Array.from(frame));
        expect(readAll(Uint8Array.from([...bytes, 0]))).toStrictEqual([expected]);
      }),
      { numRuns: 2000 },
    );
  });
  test('the CRC is correct after every kind of block', () => {
    const noCrc = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), {
      minLength: 5,
      maxLength: 120,
    });
    fc.assert(
      fc.property(noCrc, (bytes) => {
        const crc = crcBitwise(Uint8Array.from(bytes));
        const frame = [...bytes, crc & 255, (crc >>> 8) & 255, (crc >>> 16) & 255, crc >>> 24];
        const encoded = cobsReference(Uint8Array.from(frame));
        expect(readAll(Uint8Array.from([...encoded, 0]))).toStrictEqual([toHex(Uint8Array.from(frame))]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('before COBS', () => {
  test('every frame of the vectors has a correct CRC', () => {
    expect(FRAMES.length).toBeGreaterThan(50);
    for (const frame of RECEIVED) expect(problemOf(frame)).toBeUndefined();
  });

  test('a frame with one flipped bit is refused, for every bit', () => {
    let accepted = 0;
    for (const frame of RECEIVED) {
      for (let bit = 8; bit < frame.length * 8; bit++) {
        frame[bit >>> 3]! ^= 1 << (bit & 7);
        if (problemOf(frame) !== 'crc') accepted++;
        frame[bit >>> 3]! ^= 1 << (bit & 7);
      }
    }
    expect(accepted).toBe(0);
  });

  test('a frame with a burst error of 2 to 32 bits, in UART bit order, is refused', () => {
    let random = 12345;
    let tried = 0;
    let accepted = 0;
    for (const frame of RECEIVED) {
      const bits = frame.length * 8;
      for (let start = 8; start < bits; start++) {
        const longest = Math.min(32, bits - start);
        for (let length = 2; length <= longest; length++) {
          random = (Math.imul(random, 1664525) + 1013904223) | 0;
          // The first and the last bit are set, so the burst has exactly this length.
          const inner = length > 2 ? (random >>> (34 - length)) << 1 : 0;
          const pattern = (inner | 1 | (1 << (length - 1))) >>> 0;
          const burst = BigInt(pattern) << BigInt(start & 7);
          const at = start >>> 3;
          const hit = [0, 8, 16, 24, 32].map((shift) => Number((burst >> BigInt(shift)) & 0xffn));
          for (let i = 0; i < 5; i++) if (hit[i]) frame[at + i]! ^= hit[i]!;
          if (problemOf(frame) !== 'crc') accepted++;
          for (let i = 0; i < 5; i++) if (hit[i]) frame[at + i]! ^= hit[i]!;
          tried++;
        }
      }
    }
    expect(tried).toBeGreaterThan(300_000);
    expect(accepted).toBe(0);
  });

  test('a frame that is shorter than a header and a CRC is too short', () => {
    for (let length = 0; length < 9; length++) expect(problemOf(received(new Uint8Array(length)))).toBe('too-short');
    expect(problemOf(RECEIVED[0]!, 9)).toBe('too-short');
    expect(problemOf(Uint8Array.of(...RECEIVED[0]!, 1, 2, 3), RECEIVED[0]!.length)).toBeUndefined();
  });
});

test('frameBytes returns the header, the payload and the CRC', () => {
  const header = { version: 3, type: 0x99, session: 0xfffe, sequence: 254 };
  const frames: Frame[] = [];
  new FrameDecoder({ onFrame: (found) => frames.push(found) }).push(
    encodeFrame({ ...header, payload: Uint8Array.of(5, 0) }),
  );
  const frame = frames[0]!;
  expect(frame).toMatchObject(header);
  const bytes = [3, 0x99, 0xfe, 0xff, 254, 5, 0];
  expect([...frameBytes(frame).subarray(0, -4)]).toStrictEqual(bytes);
  expect([...frame.payload]).toStrictEqual([5, 0]);
  expect(frame.crc).toBe(crcBitwise(Uint8Array.from(bytes)));
});
