import { crc32c } from './crc32c.js';
import { CRC_LENGTH, HEADER_LENGTH, MIN_FRAME_LENGTH } from './wire.js';

/** Why a receiver drops a frame without an answer. `incomplete`: it was forgotten before its delimiter came. */
export type FrameErrorCode = 'crc' | 'too-short' | 'cobs' | 'oversize' | 'incomplete';

/** A frame that was dropped. docs/protocol.md section 1. */
export interface FrameError {
  readonly layer: 'frame';
  readonly code: FrameErrorCode;
}

/** A frame with a right CRC; what it means is not known yet. docs/protocol.md section 2. */
export class Frame {
  /** Header, payload and CRC, before COBS. */
  readonly bytes: Uint8Array;

  /** Takes ownership of `bytes`, whose CRC has been checked. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  get version(): number {
    return this.bytes[0]!;
  }
  get type(): number {
    return this.bytes[1]!;
  }
  get session(): number {
    return this.bytes[2]! | (this.bytes[3]! << 8);
  }
  get sequence(): number {
    return this.bytes[4]!;
  }
  /** The TLVs; a view, not a copy. */
  get payload(): Uint8Array {
    return this.bytes.subarray(HEADER_LENGTH, this.bytes.length - CRC_LENGTH);
  }
  /** The frame's CRC, which with the sequence tells a repeat from a new request. Section 4. */
  get crc(): number {
    const { bytes } = this;
    const at = bytes.length - CRC_LENGTH;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }
}

/** What a CRC-32C comes to when it has run over the CRC of the same bytes too. */
const RESIDUE = 0x48674bc7;

/** Checks `bytes[0..length)`, a frame before COBS. Returns what is wrong with it, or undefined. */
export function checkFrame(bytes: Uint8Array, length: number = bytes.length): FrameErrorCode | undefined {
  if (length < MIN_FRAME_LENGTH) return 'too-short';
  return crc32c(bytes, 0, length) === RESIDUE ? undefined : 'crc';
}
