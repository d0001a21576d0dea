/**
 * The wire format of docs/protocol.md: messages to frames, and bytes to messages. It needs neither time nor Node.
 *
 * @packageDocumentation
 */

export type { Decoded } from './decode.js';
export { decodeMessage } from './decode.js';
export { encodeMessage } from './encode.js';
export type { FieldName } from './field-table.js';
export { isFieldValid } from './field-table.js';
export type { Frame, FrameErrorCode } from './frame.js';
export type { FrameHandlers } from './frame-decoder.js';
export { FrameDecoder } from './frame-decoder.js';
export type * from './message.js';
export type { MessageTypeName, PaymentLinkState, WireResult } from './wire.js';
export { MessageType, PaymentMethod, Reason } from './wire.js';
