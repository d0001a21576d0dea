import { encodeMessage, type Frame, FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';
import { decodeFrame, frameBytes } from '@bluetap/protocol/tools';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSplitter, type SeenFrame } from '../../src/diagnostics/frame-splitter.js';

/** Frames, noise, padding and silences, split anywhere. */
const frame = fc
  .record({ session: fc.nat(0xffff), sequence: fc.nat(255), orderId: fc.stringMatching(/^[!-~]{1,16}$/) })
  .map((fields) => encodeMessage({ type: 'CANCEL', ...fields }));
const noise = fc
  .array(fc.oneof(fc.nat(255), fc.constant(0)), { maxLength: 200 })
  .map((bytes) => Uint8Array.from(bytes));
const long = fc.integer({ min: 120, max: 400 }).map((length) => new Uint8Array(length).fill(7));
const stream = fc
  .array(fc.oneof(frame, noise, long), { maxLength: 6 })
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
const chunks = fc
  .tuple(stream, fc.array(fc.tuple(fc.nat(1500), fc.constantFrom(0, 0, 1, 999, 1000, 5000)), { maxLength: 30 }))
  .map(([bytes, cuts]) => {
    const places = cuts.map(([at, wait]) => [at % (bytes.length + 1), wait] as const).sort(([a], [b]) => a - b);
    let now = 0;
    return [...places, [bytes.length, 0] as const].map(([end, wait], index) => {
      now += wait;
      return { now, bytes: bytes.subarray(places[index - 1]?.[0] ?? 0, end) };
    });
  });

function split(given: readonly { now: number; bytes: Uint8Array }[]): SeenFrame[] {
  const seen: SeenFrame[] = [];
  const splitter = new FrameSplitter((one) => seen.push(one));
  for (const { bytes, now } of given) splitter.push(bytes, now);
  splitter.reset();
  return seen;
}

describe('FrameSplitter', () => {
  it('finds the same frames as the decoder of the client, in any stream', () => {
    fc.assert(
      fc.property(chunks, (given) => {
        const expected: (Frame | FrameErrorCode)[] = [];
        const decoder = new FrameDecoder({
          onFrame: (one) => expected.push(one),
          onDrop: (code) => expected.push(code),
        });
        for (const { bytes, now } of given) decoder.push(bytes, now);
        decoder.reset();
        expect(split(given).map((one) => (one.frame ? frameBytes(one.frame) : one.decoded))).toEqual(
          expected.map((one) =>
            typeof one === 'string' ? { ok: false, error: { layer: 'frame', code: one } } : frameBytes(one),
          ),
        );
      }),
    );
  });

  it('keeps the bytes of each frame: these bytes decode to the same frame again', () => {
    fc.assert(
      fc.property(chunks, (given) => {
        for (const one of split(given)) {
          const again = split([{ now: 0, bytes: one.wire }]);
          // Compared as bytes, because the buffer of a received frame may contain more after the end of the frame.
          const bytesOf = (seen: SeenFrame) => ({ ...seen, frame: seen.frame && frameBytes(seen.frame) });
          expect(again.map(bytesOf)).toEqual([{ ...bytesOf(one), length: Math.min(one.length, 129) }]);
          if (one.frame) expect(one.decoded).toEqual(decodeFrame(one.frame));
        }
      }),
    );
  });

  it('loses only delimiters, and none of the first 129 bytes of a frame', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const found = split([{ now: 0, bytes }]);
        const runs = [...bytes]
          .map((byte) => (byte === 0 ? ' ' : String.fromCharCode(0x100 + byte)))
          .join('')
          .split(' ')
          .filter((run) => run !== '')
          .map((run) => [...run].map((char) => char.charCodeAt(0) - 0x100));
        expect(found.map(({ length }) => length)).toEqual(runs.map(({ length }) => length));
        expect(found.map(({ wire }) => [...wire].filter((byte) => byte !== 0))).toEqual(
          runs.map((run) => run.slice(0, 129)),
        );
      }),
    );
  });
});
