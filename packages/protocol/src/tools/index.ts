/**
 * What a device, a test or a capture needs and a POS does not: frames taken apart and put together by hand, errors in the
 * shape of the vectors, and the numbers of the format. An entry of its own, so that a POS does not carry it.
 *
 * @packageDocumentation
 */

export {
  DEFAULT_EXPIRY_TIME,
  EVENT_BIT,
  MAX_ENCODED_LENGTH,
  PAYMENT_LINK_STATES,
  REPLY_BIT,
  VERSION,
  WIRE_RESULTS,
} from '../wire.js';
export type { DecodedFrame, DecodedWire, FrameError, MessageError, MessageErrorCode } from './decode-wire.js';
export { decodeFrame, decodeWire } from './decode-wire.js';
export type { FrameParts } from './frame-parts.js';
export { crc32c, encodeFrame, frameBytes, frameCrc, framePayload } from './frame-parts.js';
export { resultOf } from './result-of.js';
