import { isWhole, readU16, readU32, writeU16, writeU32 } from '../coders/numbers.js';
import { CRC_LENGTH, HEADER_LENGTH, MAX_PAYLOAD_LENGTH, VERSION } from '../schema/limits.js';
import { cobsEncode } from './cobs.js';
import { crc32c } from './crc32c.js';

/**
 * Why a receiver drops a frame without an answer. `incomplete`: the frame was dropped before its closing delimiter
 * came.
 */
export type FrameErrorCode = 'crc' | 'too-short' | 'cobs' | 'oversize' | 'incomplete';

/** A frame with a correct CRC. It is not yet decoded as a message. docs/protocol.md section 2. */
export interface Frame {
  /** The first byte, 0 to 255. Only version 1 is defined so far. */
  readonly version: number;
  /** The type byte, 0 to 255. `MessageType` has the types that are defined. */
  readonly type: number;
  /** The session, 0 to 65535. */
  readonly session: number;
  /** The number of the request within its session, 0 to 255. */
  readonly sequence: number;
  /** The fields as bytes, at most 118 bytes. No decoder uses these bytes again. */
  readonly payload: Uint8Array;
  /**
   * The CRC of all bytes before it. The sequence and the CRC together distinguish a repeat from a new request. Section
   * 4.
   */
  readonly crc: number;
}

/**
 * The parts of a frame, for code that builds a frame that no `Message` describes, such as another version or a wrong
 * payload.
 */
export interface FrameParts {
  /** The first byte, 0 to 255. Default 1. */
  readonly version?: number | undefined;
  /** The type byte, 0 to 255. */
  readonly type: number;
  /** The session, 0 to 65535. */
  readonly session: number;
  /** The number of the request within its session, 0 to 255. */
  readonly sequence: number;
  /** The fields as bytes, not checked. At most 118 bytes, so that the encoded frame has at most 128 bytes. */
  readonly payload?: Uint8Array | undefined;
}

/** Reads the frame in `bytes[start..end)`, after COBS decoding. Returns the frame, or the reason why it is dropped. */
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
 * Encodes a frame with a correct CRC as wire bytes, including both delimiters. The payload can be anything.
 * docs/protocol.md sections 1 and 2.
 * @throws RangeError if a number does not fit its field, or if the frame would be longer than 128 encoded bytes.
 */
export function encodeFrame(parts: FrameParts): Uint8Array {
  const { version = VERSION, type, session, sequence, payload = new Uint8Array(0) } = parts;
  check('payload length', payload.length, MAX_PAYLOAD_LENGTH);
  check('version', version, 0xff);
  check('type', type, 0xff);
  return frameAround(payload, payload.length, { version, type, session, sequence });
}

/** The fields before the payload, in wire order. */
interface FrameHeader {
  readonly version: number;
  readonly type: number;
  readonly session: number;
  readonly sequence: number;
}

/**
 * Returns the wire bytes of a frame with the first `length` bytes of `payload`. The caller has checked the version, the
 * type and the length. In a message the schema sets them.
 * @throws RangeError if the session or the sequence does not fit its field.
 */
export function frameAround(payload: Uint8Array, length: number, header: FrameHeader): Uint8Array {
  const { version, type, session, sequence } = header;
  check('session', session, 0xffff);
  check('sequence', sequence, 0xff);
  // Before the frame come a delimiter and the first code of COBS. After the frame comes a delimiter.
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
