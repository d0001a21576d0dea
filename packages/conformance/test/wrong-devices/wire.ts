// The wire format as this device reads and writes it, from docs/protocol.md sections 1 and 2. It shares no code with
// the packages, so that a mistake in those cannot hide here.
import type { Does } from './mistakes/index.js';

/** A whole frame after COBS and CRC. */
export interface Frame {
  readonly version: number;
  readonly type: number;
  readonly session: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly crc: number;
}

/** One field of a payload. */
export interface Field {
  readonly tag: number;
  readonly value: Uint8Array;
}

const CASTAGNOLI = 0x82f63b78;
const ETHERNET = 0xedb88320;

/** The CRC over `bytes`, with a polynomial in its reflected form. */
export function crcOf(bytes: Uint8Array, polynomial = CASTAGNOLI): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Writes `value` in `size` bytes, the low byte first. */
export function number(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) % 256);
}

/** Reads bytes as a number, the low byte first. */
export function numberOf(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function stuffed(frame: Uint8Array): Uint8Array {
  const pieces: number[][] = [[]];
  for (const byte of frame) {
    if (byte === 0) pieces.push([]);
    else pieces.at(-1)?.push(byte);
  }
  return join(...pieces.map((piece) => [piece.length + 1, ...piece]));
}

/** The decoded bytes, or undefined if `encoded` is damaged. */
function unstuffed(encoded: Uint8Array, does: Does): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; ) {
    const end = at + (encoded[at] ?? 0);
    if (end > encoded.length && !does('damaged COBS is read')) return undefined;
    bytes.push(...encoded.subarray(at + 1, end));
    if (end < encoded.length) bytes.push(0);
    at = end;
  }
  return Uint8Array.from(bytes);
}

/** Reads what stood between two delimiters, or returns undefined if it is no frame. */
export function readFrame(encoded: Uint8Array, does: Does): Frame | undefined {
  const bytes = unstuffed(encoded, does);
  const shortest = does('a frame of 8 bytes is read') ? 8 : 9;
  if (!bytes || bytes.length < shortest) return undefined;
  const crc = numberOf(bytes.subarray(-4));
  const wrong = crc ^ crcOf(bytes.subarray(0, -4));
  const counts = does('the CRC is not checked') ? 0 : does('half of the CRC is checked') ? 0xffff : 0xffffffff;
  if (wrong & counts) return undefined;
  return {
    version: bytes[0] ?? 0,
    type: bytes[1] ?? 0,
    session: numberOf(bytes.subarray(2, 4)),
    sequence: bytes[4] ?? 0,
    payload: bytes.subarray(5, Math.max(5, bytes.length - 4)),
    crc,
  };
}

/** The bytes on the wire of a frame. */
export function writeFrame(header: Omit<Frame, 'payload' | 'crc'>, fields: readonly Field[], does: Does): Uint8Array {
  const payload = fields.flatMap(({ tag, value }) => [tag, value.length, ...value]);
  const bytes = join([header.version, header.type], number(header.session, 2), [header.sequence], payload);
  const crc = crcOf(bytes, does('replies have the CRC of Ethernet') ? ETHERNET : CASTAGNOLI);
  const first = does('a reply has no leading delimiter') ? [] : [0];
  const last = does('a reply has no closing delimiter') ? [] : [0];
  return join(first, stuffed(join(bytes, number(crc, 4))), last);
}

/** Reads the fields of a payload up to the first one that does not fit into it. `rest`: how many bytes are left. */
export function readFields(payload: Uint8Array): { readonly fields: readonly Field[]; readonly rest: number } {
  const fields: Field[] = [];
  let at = 0;
  while (at + 2 <= payload.length) {
    const end = at + 2 + (payload[at + 1] ?? 0);
    if (end > payload.length) break;
    fields.push({ tag: payload[at] ?? 0, value: payload.subarray(at + 2, end) });
    at = end;
  }
  return { fields, rest: payload.length - at };
}
