import { crcOf } from '../crc32c.js';
import { check, seal, wire } from '../encode.js';
import type { Frame } from '../frame.js';
import { uint } from '../uint.js';
import {
  CRC_LENGTH,
  MAX_ENCODED_LENGTH,
  MIN_FRAME_LENGTH,
  RECEIVED_PAYLOAD,
  RECEIVED_START,
  SENT_PAYLOAD,
  VERSION,
} from '../wire.js';

/** The parts of a frame, for whoever builds one that no `Message` describes: another version, a wrong payload. */
export interface FrameParts {
  /** The first byte, 0 to 255. Default 1. */
  readonly version?: number;
  /** The type byte, 0 to 255. */
  readonly type: number;
  /** The session, 0 to 65535. */
  readonly session: number;
  /** The number of the request within its session, 0 to 255. */
  readonly sequence: number;
  /** The TLVs as bytes; nothing in here is checked. At most 118 bytes, so that the frame stays within 128. */
  readonly payload?: Uint8Array;
}

/**
 * Encodes any frame with a right CRC as wire bytes, both delimiters included, whatever its payload means.
 * docs/protocol.md sections 1 and 2.
 * @throws RangeError when a number does not fit its field, or the frame would be longer than 128 encoded bytes.
 */
export function encodeFrame({ version = VERSION, type, session, sequence, payload }: FrameParts): Uint8Array {
  const length = payload?.length ?? 0;
  check('payload length', length, MAX_ENCODED_LENGTH - MIN_FRAME_LENGTH - 1);
  check('version', version, 0xff);
  check('type', type, 0xff);
  if (payload) wire.set(payload, SENT_PAYLOAD);
  return seal(version, type, session, sequence, SENT_PAYLOAD + length);
}

/** Header, payload and CRC of a frame, before COBS; a view, not a copy. */
export function frameBytes({ received, end }: Frame): Uint8Array {
  return received.subarray(RECEIVED_START, end);
}

/** The TLVs of a frame; a view, not a copy. */
export function framePayload({ received, end }: Frame): Uint8Array {
  return received.subarray(RECEIVED_PAYLOAD, end - CRC_LENGTH);
}

/** The CRC of a frame, which with the sequence tells a repeat from a new request. docs/protocol.md section 4. */
export function frameCrc({ received, end }: Frame): number {
  return uint(received, end - CRC_LENGTH, end);
}

/** The CRC-32C of `bytes[start..end)` as an unsigned 32-bit number. docs/protocol.md section 2. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  return crcOf(bytes, start, end);
}
