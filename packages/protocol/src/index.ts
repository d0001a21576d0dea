export { crc32c } from './crc32c.js';
export type { Decoded, DecodedWire, MessageError, MessageErrorCode } from './decode.js';
export { checkHeader, decodeMessage, decodeWire } from './decode.js';
export type { FrameParts } from './encode.js';
export { encodeFrame, encodeMessage } from './encode.js';
export type { CancelCommand, FieldError, PayCommand } from './fields.js';
export { checkCancelCommand, checkPayCommand } from './fields.js';
export type { FrameError, FrameErrorCode } from './frame.js';
export { Frame } from './frame.js';
export type { FrameHandlers } from './frame-decoder.js';
export { FrameDecoder } from './frame-decoder.js';
export type * from './message.js';
export type { LinkState, MessageTypeName, WireResult } from './wire.js';
export {
  DEFAULT_EXPIRY_TIME,
  DEVICE_ANSWER_MS,
  describeReason,
  EVENT_BIT,
  LINK_STATES,
  MAX_ENCODED_LENGTH,
  MAX_EXPIRY_TIME,
  MessageType,
  PARTIAL_FRAME_TIMEOUT_MS,
  PaymentMethod,
  REPLY_BIT,
  RESULT_OF_REASON,
  Reason,
  VERSION,
  WIRE_RESULTS,
} from './wire.js';
