import { readU32 } from '../../coders/numbers.js';
import { type OpenedFrame, partOf } from './opened-frame.js';
import type { WirePart } from './wire-part.js';
import { hexNumber } from './wire-words.js';

/**
 * Explains the CRC of a frame. docs/protocol.md section 2.
 * @param at The offset of the CRC in the frame.
 * @param expected The CRC-32C of the bytes before it.
 */
export function explainCrc(opened: OpenedFrame, at: number, expected: number): WirePart {
  const { frame } = opened;
  const found = readU32(frame, at);
  const place = [at, frame.length] as const;
  const value = hexNumber(found, 8);
  if (found === expected) return partOf(opened, 'crc', place, { value, text: 'CRC-32C, right' });
  const text = `CRC-32C, wrong: the bytes give ${hexNumber(expected, 8)}`;
  const why = mistakeOf(frame, at, expected) ?? 'the CRC does not match the bytes';
  return partOf(opened, 'crc', place, { value, text, problem: `${why}: a receiver drops the frame` });
}

/** The mistakes that new firmware makes with the CRC. */
function mistakeOf(frame: Uint8Array, at: number, expected: number): string | undefined {
  const found = readU32(frame, at);
  if (readU32(frame.slice(at).reverse(), 0) === expected) return 'the CRC must have its lowest byte first';
  if (~found >>> 0 === expected) return 'the final xor of the CRC is not done, or is done twice';
  if (found === crc32(frame, at)) return 'this is a CRC-32, and must be a CRC-32C: the polynomial is another one';
  return undefined;
}

/** The CRC-32 of Ethernet and zip, of the first `end` bytes. */
function crc32(bytes: Uint8Array, end: number): number {
  let crc = -1;
  for (let at = 0; at < end; at++) {
    crc ^= bytes[at]!;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
