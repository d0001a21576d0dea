// A second, slow implementation of the wire format, which follows docs/protocol.md exactly. The mutator repairs frames
// with it, and the decoder is compared with it. It shares no code with packages/protocol.

/** Computes the CRC of section 2, bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** Adds the CRC to a header and payload. */
export function withCrc(content: readonly number[]): number[] {
  const crc = crc32c(Uint8Array.from(content));
  return [...content, crc & 0xff, (crc >>> 8) & 0xff, (crc >>> 16) & 0xff, crc >>> 24];
}

/** Encodes with COBS, section 1: cuts at the zeros, and writes the length plus one before each piece. */
export function stuff(frame: readonly number[]): number[] {
  const pieces: number[][] = [[]];
  for (const byte of frame) {
    if (byte === 0) pieces.push([]);
    else pieces.at(-1)?.push(byte);
  }
  return pieces.flatMap((piece) => [(piece.length + 1) & 0xff, ...piece]);
}

/** Decodes COBS. Returns undefined if a length runs past the end. */
export function unstuff(encoded: readonly number[]): number[] | undefined {
  const frame: number[] = [];
  for (let at = 0; at < encoded.length; ) {
    const end = at + (encoded[at] ?? 0);
    if (end > encoded.length) return undefined;
    frame.push(...encoded.slice(at + 1, end));
    if (end < encoded.length) frame.push(0);
    at = end;
  }
  return frame;
}

/** Returns what a receiver reports for a whole stream, section 1: frames as lists of bytes, and the codes of drops. */
export function readStream(stream: Uint8Array): (number[] | string)[] {
  const found: (number[] | string)[] = [];
  const pieces = split(stream);
  pieces.forEach((piece, index) => {
    if (piece.length === 0) return;
    if (piece.length > 128) found.push('oversize');
    else if (index === pieces.length - 1) found.push('incomplete');
    else found.push(readFrame(piece));
  });
  return found;
}

function readFrame(encoded: readonly number[]): number[] | string {
  const frame = unstuff(encoded);
  if (!frame) return 'cobs';
  if (frame.length < 9) return 'too-short';
  return withCrc(frame.slice(0, -4)).join() === frame.join() ? frame : 'crc';
}

/** Returns the pieces between the zeros. The last piece has no delimiter yet. */
function split(stream: Uint8Array): number[][] {
  const pieces: number[][] = [[]];
  for (const byte of stream) {
    if (byte === 0) pieces.push([]);
    else pieces.at(-1)?.push(byte);
  }
  return pieces;
}

/** A field of a payload. */
export interface Field {
  readonly tag: number;
  readonly value: readonly number[];
}

/** Returns the fields of a payload, or undefined if the payload is cut short. */
export function fieldsOf(payload: readonly number[]): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < payload.length; ) {
    const tag = payload[at] ?? 0;
    const length = payload[at + 1];
    if (length === undefined || at + 2 + length > payload.length) return undefined;
    fields.push({ tag, value: payload.slice(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return fields;
}

/** The tags that each type knows, including the tags of a refusal. Section 3. */
export const KNOWN_TAGS: Readonly<Record<number, readonly number[]>> = {
  1: [0x20],
  2: [1, 2, 3, 4],
  3: [3],
  4: [],
  65: [0x12, 0x14, 3],
  129: [0x10, 0x11, 0x12, 0x14, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26],
  130: [0x10, 0x11, 0x12, 0x13],
  131: [0x10, 0x11, 0x12, 0x14],
  132: [0x10, 0x11, 0x12, 0x14, 0x13, 1, 2, 3],
};
