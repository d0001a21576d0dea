import { cobsDecode } from '../../framing/cobs.js';
import { readFrame } from '../../framing/frame.js';
import type { WirePart } from './wire-part.js';
import { hexNumber } from './wire-words.js';

/**
 * Adds to the part that has the byte of a flipped bit what is wrong with it. Changes nothing if no single bit makes the
 * frame right, or if the frame is right.
 * @param parts The parts of the encoded frame in `bytes[start..end)`.
 */
export function tellFlippedBit(parts: WirePart[], bytes: Uint8Array, start: number, end: number): void {
  const flipped = findFlippedBit(bytes.subarray(start, end));
  if (!flipped) return;
  const place = start + flipped.at;
  const found = parts.findIndex((part) => part.start <= place && place < part.end);
  const { problem, ...part } = parts[found]!;
  const [is, was] = [bytes[place]!, flipped.right].map((byte) => hexNumber(byte, 2));
  const what = `one bit of byte ${place} is flipped: ${is} must be ${was}`;
  parts[found] = { ...part, problem: problem === undefined ? what : `${what}; ${problem}` };
}

/** The one wrong bit of a damaged frame. */
interface FlippedBit {
  /** The index of its byte in the encoded frame. */
  readonly at: number;
  /** The byte as it was before the bit flipped. */
  readonly right: number;
}

/**
 * Finds the bit that makes a damaged frame right when it is flipped back. Returns undefined if no single bit does that,
 * or if the frame is right. The CRC tells apart all single bits of a frame of this length.
 * @param encoded The encoded frame, without delimiters and so without 00.
 */
function findFlippedBit(encoded: Uint8Array): FlippedBit | undefined {
  if (isRight(encoded.slice())) return undefined;
  for (let at = 0; at < encoded.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const tried = encoded.slice();
      const right = encoded[at]! ^ (1 << bit);
      tried[at] = right;
      // A 00 would be a delimiter, and not a byte of this frame.
      if (right !== 0 && isRight(tried)) return { at, right };
    }
  }
  return undefined;
}

/** Decodes the frame in place. */
function isRight(encoded: Uint8Array): boolean {
  return cobsDecode(encoded, encoded.length) && typeof readFrame(encoded, 1, encoded.length) !== 'string';
}
