export { crc32c } from './crc32c.js';
export type { Decoded, DecodedWire, MessageError, MessageErrorCode } from './decode.js';
export { checkHeader, decodeMessage, decodeWire } from './decode.js';
export type { FrameParts } from './encode.js';
export { encodeFrame, encodeMessage } from './encode.js';
export type { FieldName } from './field-table.js';
export { isFieldValid } from './field-table.js';
export type { FrameError, FrameErrorCode } from './frame.js';
export { Frame } from './frame.js';
export type { FrameHandlers } from './frame-decoder.js';
export { FrameDecoder } from './frame-decoder.js';
export type * from './message.js';
export type { LinkState, MessageTypeName, WireResult } from './wire.js';
export {
  DEFAULT_EXPIRY_TIME,
  EVENT_BIT,
  LINK_STATES,
  MAX_ENCODED_LENGTH,
  MessageType,
  PaymentMethod,
  REPLY_BIT,
  Reason,
  resultOf,
  VERSION,
  WIRE_RESULTS,
} from './wire.js';
