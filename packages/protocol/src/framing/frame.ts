import { isWhole, readU16, readU32, writeU16, writeU32 } from '../coders/numbers.js';
import { CRC_LENGTH, HEADER_LENGTH, MAX_PAYLOAD_LENGTH, VERSION } from '../schema/limits.js';
import { cobsEncode } from './cobs.js';
import { crc32c } from './crc32c.js';

/** Why a receiver drops a frame without an answer. `incomplete`: it was forgotten before its delimiter came. */
export type FrameErrorCode = 'crc' | 'too-short' | 'cobs' | 'oversize' | 'incomplete';

/** A frame with a right CRC; what it means is not known yet. docs/protocol.md section 2. */
export interface Frame {
  /** The first byte, 0 to 255. Only 1 has a meaning so far. */
  readonly version: number;
  /** The type byte, 0 to 255; `MessageType` has those that have a meaning. */
  readonly type: number;
  /** The session, 0 to 65535. */
  readonly session: number;
  /** The number of the request within its session, 0 to 255. */
  readonly sequence: number;
  /** The fields as bytes, at most 118. They belong to the frame: no decoder uses them again. */
  readonly payload: Uint8Array;
  /** The CRC over everything before it. With the sequence it tells a repeat from a new request. Section 4. */
  readonly crc: number;
}

/** The parts of a frame, for code that builds a frame that no `Message` describes: another version, a wrong payload. */
export interface FrameParts {
  /** The first byte, 0 to 255. Default 1. */
  readonly version?: number | undefined;
  /** The type byte, 0 to 255. */
  readonly type: number;
  /** The session, 0 to 65535. */
  readonly session: number;
  /** The number of the request within its session, 0 to 255. */
  readonly sequence: number;
  /** The fields as bytes; nothing in here is checked. At most 118 bytes, so that the frame stays within 128. */
  readonly payload?: Uint8Array | undefined;
}

/** Reads the frame in `bytes[start..end)`, before COBS. Returns the frame, or the reason why it is dropped. */
export function readFrame(bytes: Uint8Array, start: number, end: number): Frame | FrameErrorCode {
  const payload = start + HEADER_LENGTH;
  const payloadEnd = end - CRC_LENGTH;
  if (payloadEnd < payload) return 'too-short';
  const crc = readU32(bytes, payloadEnd);
  if (crc32c(bytes, start, payloadEnd) !== crc) return 'crc';
  return {
    version: bytes[start]!,
    type: bytes[start + 1]!,
    session: readU16(bytes, start + 2),
    sequence: bytes[start + 4]!,
    payload: bytes.slice(payload, payloadEnd),
    crc,
  };
}

/**
 * Encodes any frame with a right CRC as wire bytes, both delimiters included, whatever its payload means.
 * docs/protocol.md sections 1 and 2.
 * @throws RangeError when a number does not fit its field, or the frame would be longer than 128 encoded bytes.
 */
export function encodeFrame(parts: FrameParts): Uint8Array {
  const { version = VERSION, type, session, sequence, payload = new Uint8Array(0) } = parts;
  check('payload length', payload.length, MAX_PAYLOAD_LENGTH);
  check('version', version, 0xff);
  check('type', type, 0xff);
  return frameAround(payload, payload.length, { version, type, session, sequence });
}

/** What a frame has in front of its payload, in the order of the wire. */
interface FrameHeader {
  readonly version: number;
  readonly type: number;
  readonly session: number;
  readonly sequence: number;
}

/**
 * The wire bytes of a frame with the first `length` bytes of `payload`. Version, type and length are right already: a
 * message has them from the schema.
 * @throws RangeError when the session or the sequence does not fit its field.
 */
export function frameAround(payload: Uint8Array, length: number, header: FrameHeader): Uint8Array {
  const { version, type, session, sequence } = header;
  check('session', session, 0xffff);
  check('sequence', sequence, 0xff);
  // In front of the frame stand a delimiter and the first code of COBS, behind it a delimiter.
  const start = 2;
  const crc = start + HEADER_LENGTH + length;
  const end = crc + CRC_LENGTH;
  const wire = new Uint8Array(end + 1);
  wire[start] = version;
  wire[start + 1] = type;
  writeU16(session, wire, start + 2);
  wire[start + 4] = sequence;
  for (let at = 0; at < length; at++) wire[start + HEADER_LENGTH + at] = payload[at]!;
  writeU32(crc32c(wire, start, crc), wire, crc);
  cobsEncode(wire, start - 1, end);
  return wire;
}

function check(name: string, value: number, maximum: number): void {
  if (isWhole(value, 0, maximum)) return;
  throw new RangeError(`${name} ${String(value)} is not a whole number from 0 to ${maximum}`);
}
