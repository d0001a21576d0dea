import { cobsDecode } from '../framing/cobs.js';
import { encodeFrame, type Frame } from '../framing/frame.js';

/** Returns the header, payload and CRC of a frame, before COBS encoding. */
export function frameBytes(frame: Frame): Uint8Array {
  const encoded = encodeFrame(frame).slice(1, -1);
  cobsDecode(encoded, encoded.length);
  return encoded.subarray(1);
}
