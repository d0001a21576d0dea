/**
 * A second implementation of the format. It is written from docs/protocol.md, for clarity only, and shares no code with
 * the sources. Tests compare with this implementation, never with output of the package itself.
 */

/** The CRC of section 2, bit by bit. */
export function crcBitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** COBS of section 1, in the usual form: cuts the frame at the zeros and puts the length of each block before it. */
export function cobsReference(frame: Uint8Array): number[] {
  const pieces: number[][] = [[]];
  for (const byte of frame) {
    if (byte === 0) pieces.push([]);
    else pieces.at(-1)!.push(byte);
  }
  return pieces.flatMap((piece) => [piece.length + 1, ...piece]);
}

/** Decodes COBS. Returns undefined if a block runs past the end. */
export function uncobsReference(encoded: readonly number[]): number[] | undefined {
  const rest = [...encoded];
  const pieces: number[][] = [];
  while (rest.length > 0) {
    const piece = rest.splice(0, rest[0]);
    if (piece.length < piece[0]!) return undefined;
    pieces.push(piece.slice(1));
  }
  return pieces.flatMap((piece, index) => (index === 0 ? piece : [0, ...piece]));
}

/** Returns the wire bytes of a frame. */
export function wireReference(frame: Uint8Array): Uint8Array {
  return Uint8Array.from([0, ...cobsReference(frame), 0]);
}

export interface Tlv {
  readonly tag: number;
  readonly value: readonly number[];
}

export function tlvs(...fields: readonly Tlv[]): Uint8Array {
  return Uint8Array.from(fields.flatMap(({ tag, value }) => [tag, value.length, ...value]));
}
export function ascii(tag: number, text: string): Tlv {
  return { tag, value: [...text].map((char) => char.charCodeAt(0)) };
}
export function u8(tag: number, value: number): Tlv {
  return { tag, value: [value] };
}
export function u32(tag: number, value: number): Tlv {
  return { tag, value: [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24] };
}

/** Returns the tags in a payload, up to the first position that cannot be read. */
export function tagsOf(payload: Uint8Array): number[] {
  const tags: number[] = [];
  for (let at = 0; at < payload.length; at += 2 + (payload[at + 1] ?? 0)) tags.push(payload[at]!);
  return tags;
}

/** Section 3: the type bytes, and the tags that each type knows. */
export const TYPES = {
  HELLO: { type: 0x01, tags: [0x20] },
  PAY: { type: 0x02, tags: [0x01, 0x02, 0x03, 0x04] },
  CANCEL: { type: 0x03, tags: [0x03] },
  STATUS: { type: 0x04, tags: [] },
  LINK: { type: 0x41, tags: [0x03, 0x12, 0x14] },
  HELLO_REPLY: { type: 0x81, tags: [0x10, 0x11, 0x12, 0x14, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27] },
  PAY_REPLY: { type: 0x82, tags: [0x10, 0x11, 0x12, 0x13, 0x15] },
  CANCEL_REPLY: { type: 0x83, tags: [0x10, 0x11, 0x12, 0x14] },
  STATUS_REPLY: { type: 0x84, tags: [0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13, 0x14] },
} as const satisfies Record<string, { type: number; tags: readonly number[] }>;

export const KNOWN_TAGS = new Map<number, readonly number[]>(
  Object.values(TYPES).map(({ type, tags }) => [type, tags]),
);
