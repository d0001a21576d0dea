/**
 * The wire format of docs/protocol.md. Encodes messages as frames and decodes bytes to messages. It uses no clock and no
 * Node API.
 *
 * @packageDocumentation
 */

export type { Decoded } from './codec/decode.js';
export { decodeMessage } from './codec/decode.js';
export { encodeMessage } from './codec/encode.js';
export { isFieldValid } from './codec/field.js';
export type { Frame, FrameErrorCode } from './framing/frame.js';
export type { FrameHandlers } from './framing/frame-decoder.js';
export { FrameDecoder } from './framing/frame-decoder.js';
export type { FieldName } from './schema/fields.js';
export type * from './schema/message-types.js';
export type { MessageTypeName } from './schema/messages.js';
export { MessageType } from './schema/messages.js';
export type { PaymentLinkState, TapSource, WireResult } from './schema/names.js';
export { PaymentMethod } from './schema/names.js';
export { Reason } from './schema/reasons.js';
