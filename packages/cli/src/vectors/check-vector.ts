import { isDeepStrictEqual } from 'node:util';
import { encodeMessage, type Frame, FrameDecoder } from '@bluetap/protocol';
import { decodeWire, encodeFrame, tagOf } from '@bluetap/protocol/tools';
import { hexOf } from '../input/hex.js';
import type { Vector } from './vector-file.js';

/** The first difference of a vector, in one direction. */
export interface Difference {
  readonly direction: 'decode' | 'encode';
  readonly expected: string;
  readonly actual: string;
}

/**
 * Checks a vector in both directions. Returns undefined if the vector holds. Decoding must return exactly the message
 * or the error. Encoding the message must return the same bytes, except the parts that decoding skipped: see
 * `withoutWhatIsSkipped`.
 */
export function checkVector({ wire, message, error }: Vector): Difference | undefined {
  const bytes = Buffer.from(wire, 'hex');
  const decoded = decodeWire(bytes).map((found) => (found.ok ? { message: found.message } : { error: found.error }));
  const expected = message ? { message } : { error };
  if (!isDeepStrictEqual(decoded, [expected])) {
    const actual = decoded.length === 1 ? JSON.stringify(decoded[0]) : `${decoded.length} frames`;
    return { direction: 'decode', expected: JSON.stringify(expected), actual };
  }
  if (!message) return undefined;
  try {
    const encoded = encodeMessage(message);
    const actual = hexOf(encoded);
    const frame = frameOf(bytes);
    const skipping =
      wire === hexOf(encodeFrame(frame)) && actual === hexOf(withoutWhatIsSkipped(frameOf(encoded), frame));
    if (actual === wire || skipping) return undefined;
    return { direction: 'encode', expected: wire, actual };
  } catch (cause) {
    return { direction: 'encode', expected: wire, actual: String(cause) };
  }
}

const FLAGS = tagOf('flags');

/**
 * Returns the wire bytes of `frame` without the parts that decoding skipped. These are the ordinary tags (below 0x80)
 * that `reference` does not have, and the flags that have no meaning yet. `reference` contains everything that decoding
 * found in `frame`, so decoding did not know the tags that are missing there. Everything else must be the same, also
 * the order.
 */
function withoutWhatIsSkipped(reference: Frame, frame: Frame): Uint8Array {
  const known = new Set(fieldsOf(reference).map(([tag]) => tag));
  const kept = fieldsOf(frame)
    .filter(([tag]) => tag! >= 0x80 || known.has(tag))
    .map(([tag, length, ...value]) => [tag!, length!, ...(tag === FLAGS ? value.map((flags) => flags & 1) : value)]);
  const { version, type, session, sequence } = frame;
  return encodeFrame({
    version,
    type,
    session,
    sequence,
    payload: Uint8Array.from(kept.flat()),
  });
}

/** Returns the bytes of each field: tag, length and value. */
function fieldsOf({ payload }: Frame): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + 2 + payload[at + 1]!;
    fields.push(payload.subarray(at, end));
    at = end;
  }
  return fields;
}

function frameOf(wire: Uint8Array): Frame {
  let found: Frame | undefined;
  new FrameDecoder({ onFrame: (frame) => (found = frame) }).push(wire);
  return found!; // Always found, because the same bytes were decoded before.
}
