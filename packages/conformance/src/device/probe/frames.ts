import { MessageType, type PayCommand } from '@bluetap/protocol';
import { crc32c, encodeFrame, type FrameParts, tagOf, VERSION } from '@bluetap/protocol/tools';

/** A request as it goes to the device, right or wrong on purpose. */
export interface Sent {
  /** The name in a report: "PAY 3". */
  readonly what: string;
  readonly version: number;
  readonly type: number;
  readonly session: number;
  readonly sequence: number;
  /** Both delimiters included. */
  readonly wire: Uint8Array;
}

/** A tag and its value, as bytes, as text, or as one byte. */
export type RawField = readonly [tag: number, value: Uint8Array | readonly number[] | string | number];

/** The fields of a PAY. A value of undefined leaves the field out. */
export type RawPay = { readonly [Name in keyof PayCommand]?: PayCommand[Name] | undefined };

const NAMES = new Map<number, string>(Object.entries(MessageType).map(([name, type]) => [type, name]));

/** The name of a type in a report. */
export function nameOfType(type: number): string {
  return NAMES.get(type)?.replace('_REPLY', ' reply') ?? `type ${hex([type])}`;
}

/** Makes a request. The payload can be anything that fits into a frame. */
export function request({ version = VERSION, type, session, sequence, payload }: FrameParts): Sent {
  const name = version === VERSION ? nameOfType(type) : `${nameOfType(type)} of version ${version}`;
  const wire = encodeFrame({ version, type, session, sequence, payload });
  return { what: `${name} ${sequence}`, version, type, session, sequence, wire };
}

/** Makes a payload of fields in the given order. Nothing is checked. */
export function fieldsOf(...fields: readonly RawField[]): Uint8Array {
  const bytes: number[] = [];
  for (const [tag, value] of fields) {
    const raw = bytesOf(value);
    bytes.push(tag, raw.length, ...raw);
  }
  return Uint8Array.from(bytes);
}

/** The payload of a right PAY. */
export function payPayload({ paymentMethod, amount, orderId, expiryTime }: RawPay): Uint8Array {
  const fields: RawField[] = [];
  if (paymentMethod !== undefined) fields.push([tagOf('payment method'), paymentMethod]);
  if (amount !== undefined) fields.push([tagOf('amount'), amount]);
  if (orderId !== undefined) fields.push([tagOf('order id'), orderId]);
  if (expiryTime !== undefined) fields.push([tagOf('expiry time'), u32(expiryTime)]);
  return fieldsOf(...fields);
}

/** The payload of a HELLO. */
export function noncePayload(nonce: number): Uint8Array {
  return fieldsOf([tagOf('nonce'), u32(nonce)]);
}

/** A number as four bytes, little-endian. */
export function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** Bytes in lower-case hex. */
export function hex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Joins wire bytes, for several frames in one write. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The value of a field in a payload whose structure is right, or undefined. */
export function fieldValue(payload: Uint8Array, tag: number): Uint8Array | undefined {
  for (let at = 0; at + 2 <= payload.length; at += 2 + payload[at + 1]!) {
    if (payload[at] === tag) return payload.subarray(at + 2, at + 2 + payload[at + 1]!);
  }
  return undefined;
}

/** The tags of a payload whose structure is right, in their order. */
export function tagsOf(payload: Uint8Array): number[] {
  const tags: number[] = [];
  for (let at = 0; at + 2 <= payload.length; at += 2 + payload[at + 1]!) tags.push(payload[at]!);
  return tags;
}

/** Encodes any bytes with COBS, also more than a frame may have. Both delimiters are included. */
export function cobsWire(bytes: Uint8Array): Uint8Array {
  const wire = [0];
  let piece: number[] = [];
  const flush = () => {
    wire.push(piece.length + 1, ...piece);
    piece = [];
  };
  for (const byte of bytes) {
    if (byte === 0) flush();
    else piece.push(byte);
  }
  flush();
  return Uint8Array.from([...wire, 0]);
}

/**
 * Makes a request whose CRC is `target`. An unknown field of four bytes at the end of the payload gives the CRC its
 * value: each of its bits changes the CRC by a fixed pattern, so 32 equations say which bits to set.
 */
export function requestWithCrc(parts: Omit<FrameParts, 'payload'>, target: number): Sent {
  const payload = fieldsOf([0x7f, [0, 0, 0, 0]]);
  const { version = VERSION, type, session, sequence } = parts;
  const frame = Uint8Array.of(version, type, session, session >>> 8, sequence, ...payload);
  const value = frame.subarray(frame.length - 4);
  const flip = (bit: number) => {
    value[bit >>> 3]! ^= 1 << (bit & 7);
  };
  const plain = crc32c(frame);
  let rows: { readonly pattern: number; readonly bits: number }[] = [];
  for (let bit = 0; bit < 32; bit++) {
    flip(bit);
    rows.push({ pattern: (crc32c(frame) ^ plain) >>> 0, bits: (1 << bit) >>> 0 });
    flip(bit);
  }
  let missing = (plain ^ target) >>> 0;
  let bits = 0;
  for (let column = 0; column < 32; column++) {
    const has = (pattern: number) => ((pattern >>> column) & 1) === 1;
    const pivot = rows.find(({ pattern }) => has(pattern))!;
    const added = (row: typeof pivot) => ({ pattern: row.pattern ^ pivot.pattern, bits: row.bits ^ pivot.bits });
    rows = rows.filter((row) => row !== pivot).map((row) => (has(row.pattern) ? added(row) : row));
    if (!has(missing)) continue;
    missing ^= pivot.pattern;
    bits ^= pivot.bits;
  }
  for (let bit = 0; bit < 32; bit++) if ((bits >>> bit) & 1) flip(bit);
  payload.set(value, payload.length - 4);
  return request({ ...parts, payload });
}

function bytesOf(value: RawField[1]): readonly number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string') return Array.from(value, (character) => character.charCodeAt(0));
  return [...value];
}
