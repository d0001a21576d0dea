import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMessage, type Frame, FrameDecoder } from '../../src/index.js';
import { frameBytes } from '../../src/tools/index.js';
import { byte, chunked, cuts, message, noise } from '../arbitraries.js';
import { concat, frameIn, fromHex, readAll, recorder, toHex, VECTORS } from '../helpers.js';

const wire = message.map((sent) => encodeMessage(sent));
const delivered = (seen: readonly string[]) => seen.filter((entry) => /^[0-9a-f]{18,}$/.test(entry));
const frameHex = (bytes: Uint8Array) => toHex(frameIn(bytes));

describe('chunks', () => {
  const piece = fc.oneof({ weight: 3, arbitrary: wire }, noise);

  test('any cut into chunks results in the same frames and drops', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), cuts, (pieces, places) => {
        const stream = concat(...pieces);
        const whole = readAll(stream);
        expect(readAll(...chunked(stream, places))).toStrictEqual(whole);
        expect(readAll(...Array.from(stream, (one) => Uint8Array.of(one)))).toStrictEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  test('the decoder neither keeps nor changes a chunk', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), cuts, (pieces, places) => {
        const stream = concat(...pieces);
        const { seen, decoder } = recorder();
        const copy = stream.slice();
        for (const chunk of chunked(copy, places)) {
          const before = toHex(chunk);
          decoder.push(chunk);
          expect(toHex(chunk)).toBe(before);
          chunk.fill(0xee);
        }
        decoder.reset();
        expect(seen).toStrictEqual(readAll(stream));
      }),
      { numRuns: 100 },
    );
  });

  test('the decoder does not use the bytes of a frame again', () => {
    const frames: Frame[] = [];
    const decoder = new FrameDecoder({ onFrame: (frame) => frames.push(frame) });
    const sent = VECTORS.filter((vector) => vector.message).map((vector) => fromHex(vector.wire));
    for (const one of sent) decoder.push(one);
    expect(frames.map((frame) => toHex(frameBytes(frame)))).toStrictEqual(sent.map(frameHex));
  });

  test('does not store a frame that is too long', () => {
    const { decoder, seen } = recorder();
    const chunk = new Uint8Array(1 << 16).fill(1);
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 500; count++) decoder.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500_000);
    decoder.reset();
    expect(seen).toStrictEqual(['oversize']);
  });

  test('runs of 0x00 are padding', () => {
    const one = fromHex(VECTORS[0]!.wire);
    const zeros = new Uint8Array(500);
    expect(readAll(zeros, one, zeros, one.subarray(1), one, zeros)).toStrictEqual(new Array(3).fill(frameHex(one)));
    expect(readAll(zeros)).toStrictEqual([]);
  });
});

describe('a frame that is too long', () => {
  const tooLong = new Uint8Array(129).fill(2);
  const zero = Uint8Array.of(0);

  test('is reported once, with any cut into chunks', () => {
    for (const length of [129, 130, 256, 1000]) {
      const stream = concat(zero, new Uint8Array(length).fill(2), zero);
      for (const size of [1, 2, 64, 127, 128, 129, 2000]) {
        const { seen, decoder } = recorder();
        for (let at = 0; at < stream.length; at += size) decoder.push(stream.subarray(at, at + size));
        expect(seen, `${length} bytes in chunks of ${size}`).toStrictEqual(['oversize']);
        decoder.reset();
        expect(seen).toHaveLength(1);
      }
    }
  });
  test('does not affect the next frame', () => {
    const next = fromHex(VECTORS[0]!.wire);
    expect(readAll(tooLong, next)).toStrictEqual(['oversize', frameHex(next)]);
  });
  test('is reported by reset, once', () => {
    const { seen, decoder } = recorder();
    decoder.push(tooLong);
    decoder.push(tooLong);
    decoder.reset();
    decoder.reset();
    decoder.push(zero);
    expect(seen).toStrictEqual(['oversize']);
  });
  test('has more than 128 bytes; a frame of 128 bytes is decoded', () => {
    expect(readAll(tooLong.subarray(1), zero)).toStrictEqual(['crc']);
    expect(readAll(tooLong, zero)).toStrictEqual(['oversize']);
  });
});

describe('dropped frames', () => {
  test.each([
    ['too-short', [1]],
    ['too-short', [9, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['crc', [10, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['cobs', [2]],
    ['cobs', [255]],
    ['cobs', [1, 3, 1]],
    ['cobs', [3, 1]],
  ])('%s: %j', (code, encoded) => {
    expect(readAll(Uint8Array.from([...encoded, 0]))).toStrictEqual([code]);
  });
  test('onDrop is optional', () => {
    const decoder = new FrameDecoder({ onFrame: () => expect.unreachable() });
    for (const bytes of [[2, 0], [1, 0], new Array(200).fill(1), [0], [10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], [5]]) {
      decoder.push(Uint8Array.from(bytes));
    }
    expect(() => decoder.reset()).not.toThrow();
  });
});

describe('silence', () => {
  const one = fromHex(VECTORS[0]!.wire);
  const [head, tail] = [one.subarray(0, 10), one.subarray(10)];
  function after(...times: readonly [Uint8Array, number?][]) {
    const { seen, decoder } = recorder();
    for (const [bytes, now] of times) decoder.push(bytes, now);
    return seen;
  }

  test('of 999 ms keeps a partial frame', () => {
    expect(after([head, 5000], [tail, 5999])).toStrictEqual([frameHex(one)]);
  });
  test('of 1000 ms drops it and reports that', () => {
    expect(after([head, 5000], [tail, 6000])).toStrictEqual(['incomplete', 'cobs']);
    expect(after([head, 5000], [one, 6000])).toStrictEqual(['incomplete', frameHex(one)]);
  });
  test('is counted from the last byte', () => {
    expect(after([head, 0], [tail.subarray(0, 1), 900], [tail.subarray(1), 1800])).toStrictEqual([frameHex(one)]);
    expect(after([head, 0], [tail.subarray(0, 0), 900], [tail, 1800])).toStrictEqual(['incomplete', 'cobs']);
  });
  test('a push without bytes also drops it', () => {
    expect(after([head, 0], [head.subarray(0, 0), 1000])).toStrictEqual(['incomplete']);
  });
  test('between frames has no effect', () => {
    expect(after([one, 0], [one, 100_000])).toStrictEqual([frameHex(one), frameHex(one)]);
  });
  test('without a clock only reset drops it', () => {
    expect(after([head], [tail])).toStrictEqual([frameHex(one)]);
    const { seen, decoder } = recorder();
    decoder.push(head);
    decoder.reset();
    decoder.reset();
    decoder.push(one);
    expect(seen).toStrictEqual(['incomplete', frameHex(one)]);
  });
});

describe('a handler', () => {
  const one = fromHex(VECTORS[0]!.wire);

  test('that throws does not make the decoder unusable', () => {
    let angry = true;
    const seen: string[] = [];
    const act = (entry: string) => {
      if (angry) throw new Error(entry);
      seen.push(entry);
    };
    const decoder = new FrameDecoder({ onFrame: (frame) => act(toHex(frameBytes(frame))), onDrop: act });
    const broken = Uint8Array.of(2, 0);
    const half = one.subarray(0, 8);
    expect(() => decoder.push(concat(one, half))).toThrow(frameHex(one));
    expect(() => decoder.push(concat(broken, half))).toThrow('cobs');
    expect(() => decoder.push(concat(new Uint8Array(200).fill(7), broken, half))).toThrow('oversize');
    decoder.push(half, 0);
    expect(() => decoder.push(half, 1000)).toThrow('incomplete');
    decoder.push(half);
    expect(() => decoder.reset()).toThrow('incomplete');
    angry = false;
    decoder.push(one);
    expect(seen).toStrictEqual([frameHex(one)]);
  });

  test('may push into the decoder that called it', () => {
    const seen: string[] = [];
    const two = fromHex(VECTORS[1]!.wire);
    const decoder = new FrameDecoder({
      onFrame: (frame) => {
        if (seen.push(toHex(frameBytes(frame))) === 1) decoder.push(two.subarray(0, 12));
        if (seen.length === 2) decoder.reset();
      },
    });
    decoder.push(concat(one, two.subarray(12)));
    decoder.push(one.subarray(0, 6));
    decoder.push(one.subarray(6));
    expect(seen).toStrictEqual([one, two, one].map(frameHex));
  });
});

describe('damage on the wire', () => {
  /** One fault. Its position is a share of the length. */
  const fault = fc.record({
    kind: fc.constantFrom('flip', 'drop', 'insert', 'double', 'cut') as fc.Arbitrary<
      'flip' | 'drop' | 'insert' | 'double' | 'cut'
    >,
    place: fc.nat({ max: 100_000 }),
    count: fc.integer({ min: 1, max: 20 }),
    value: fc.oneof(byte, fc.constant(0)),
  });
  type Fault = typeof fault extends fc.Arbitrary<infer T> ? T : never;

  function damage(bytes: Uint8Array, { kind, place, count, value }: Fault): Uint8Array {
    const at = bytes.length === 0 ? 0 : place % bytes.length;
    const before = bytes.subarray(0, at);
    if (kind === 'cut') return before;
    if (kind === 'insert') return concat(before, Uint8Array.of(value), bytes.subarray(at));
    if (kind === 'double') return concat(bytes.subarray(0, at + count), bytes.subarray(at));
    if (kind === 'drop') return concat(before, bytes.subarray(at + count));
    const flipped = bytes.slice();
    if (at < flipped.length) flipped[at]! ^= 1 << (value & 7);
    return flipped;
  }

  test('never delivers a frame that was not sent', () => {
    fc.assert(
      fc.property(
        fc.array(wire, { minLength: 1, maxLength: 6 }),
        fc.array(fault, { minLength: 1, maxLength: 10 }),
        (sent, faults) => {
          const got = delivered(readAll(faults.reduce(damage, concat(...sent))));
          const possible = new Set(sent.map(frameHex));
          for (const frame of got) expect(possible).toContain(frame);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('of one frame loses only that frame', () => {
    let lost = 0;
    fc.assert(
      fc.property(wire, wire, wire, fc.array(fault, { minLength: 1, maxLength: 3 }), (first, hit, last, faults) => {
        const inside = faults.reduce(damage, hit.subarray(1, -1));
        const got = delivered(readAll(first, Uint8Array.of(0), inside, Uint8Array.of(0), last));
        expect(got[0]).toBe(frameHex(first));
        expect(got.at(-1)).toBe(frameHex(last));
        const between = got.slice(1, -1);
        if (between.length === 0) lost++;
        // If a whole frame is doubled, with a zero in the middle, it arrives twice.
        for (const frame of between) expect(frame).toBe(frameHex(hit));
      }),
      { numRuns: 1500 },
    );
    expect(lost).toBeGreaterThan(500);
  });

  test('noise between two frames loses neither frame', () => {
    fc.assert(
      fc.property(wire, noise, wire, cuts, (first, between, last, places) => {
        const stream = concat(first, between, last);
        expect(delivered(readAll(...chunked(stream, places)))).toStrictEqual([frameHex(first), frameHex(last)]);
      }),
      { numRuns: 1000 },
    );
  });
});
