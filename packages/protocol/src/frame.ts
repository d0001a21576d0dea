import { crcOf, RESIDUE } from './crc32c.js';
import { MIN_FRAME_LENGTH, RECEIVED_START } from './wire.js';

/** Why a receiver drops a frame without an answer. `incomplete`: it was forgotten before its delimiter came. */
export type FrameErrorCode = 'crc' | 'too-short' | 'cobs' | 'oversize' | 'incomplete';

/** A frame with a right CRC; what it means is not known yet. docs/protocol.md section 2. */
export interface Frame {
  /** Where it was received: at `[1, end)` stand its header, payload and CRC, before COBS. It is never copied again. */
  readonly received: Uint8Array;
  /** The index in `received` behind the last byte of the CRC. */
  readonly end: number;
  /** The first byte, 0 to 255. Only 1 has a meaning so far. */
  readonly version: number;
  /** The type byte, 0 to 255; `MessageType` has those that have a meaning. */
  readonly type: number;
  /** The session, 0 to 65535. */
  readonly session: number;
  /** The number of the request within its session, 0 to 255. */
  readonly sequence: number;
}

/** Checks the frame in `received[1..end)`. Returns what is wrong with it, or undefined. */
export function checkFrame(received: Uint8Array, end: number): FrameErrorCode | undefined {
  if (end < RECEIVED_START + MIN_FRAME_LENGTH) return 'too-short';
  return crcOf(received, RECEIVED_START, end) === RESIDUE ? undefined : 'crc';
}
