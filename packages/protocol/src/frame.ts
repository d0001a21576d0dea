import { crc32c } from './crc32c.js';
import { CRC_LENGTH, MIN_FRAME_LENGTH, RECEIVED_PAYLOAD, RECEIVED_START } from './wire.js';

/** Why a receiver drops a frame without an answer. `incomplete`: it was forgotten before its delimiter came. */
export type FrameErrorCode = 'crc' | 'too-short' | 'cobs' | 'oversize' | 'incomplete';

/** A frame that was dropped. docs/protocol.md section 1. */
export interface FrameError {
  readonly layer: 'frame';
  readonly code: FrameErrorCode;
}

/** A frame with a right CRC; what it means is not known yet. docs/protocol.md section 2. */
export class Frame {
  /** Where it was received, and where it ends there: it is never copied again. */
  declare readonly received: Uint8Array;
  declare readonly end: number;
  declare readonly version: number;
  declare readonly type: number;
  declare readonly session: number;
  declare readonly sequence: number;

  /** Takes ownership of `received`, where the frame stands at `[1, end)` and its CRC has been checked. */
  constructor(received: Uint8Array, end: number) {
    this.received = received;
    this.end = end;
    this.version = received[1]!;
    this.type = received[2]!;
    this.session = received[3]! | (received[4]! << 8);
    this.sequence = received[5]!;
  }
  /** Header, payload and CRC, before COBS; a view, not a copy. */
  get bytes(): Uint8Array {
    return this.received.subarray(RECEIVED_START, this.end);
  }
  /** The TLVs; a view, not a copy. */
  get payload(): Uint8Array {
    return this.received.subarray(RECEIVED_PAYLOAD, this.end - CRC_LENGTH);
  }
  /** The frame's CRC, which with the sequence tells a repeat from a new request. Section 4. */
  get crc(): number {
    const { received, end } = this;
    return uint(received, end - CRC_LENGTH, end);
  }
}

/** The unsigned number that `bytes[start..end)` holds, little-endian, at most four bytes. */
export function uint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = end; at > start; ) value = (value << 8) | bytes[--at]!;
  return value >>> 0;
}

/** What a CRC-32C comes to when it has run over the CRC of the same bytes too. */
const RESIDUE = 0x48674bc7;

/** Checks the frame in `received[1..end)`. Returns what is wrong with it, or undefined. */
export function checkFrame(received: Uint8Array, end: number): FrameErrorCode | undefined {
  if (end < RECEIVED_START + MIN_FRAME_LENGTH) return 'too-short';
  return crc32c(received, RECEIVED_START, end) === RESIDUE ? undefined : 'crc';
}
