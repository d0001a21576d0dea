/**
 * Tools for a device, a test or a capture: functions that build and decode single frames, errors in the shape of the
 * vectors, and the format as tables of plain data. A POS does not need them. They are a separate entry, so a POS does not
 * load them.
 *
 * @packageDocumentation
 */

export { crc32c } from '../framing/crc32c.js';
export type { FrameParts } from '../framing/frame.js';
export { encodeFrame } from '../framing/frame.js';
export type {
  Alphabet,
  AsciiRow,
  ChoiceRow,
  CommandIdRow,
  FieldRow,
  FieldTitle,
  FlagRow,
  NamedField,
  NameRow,
  PreviousRow,
  UintRow,
} from '../schema/fields.js';
export { FIELDS, tagOf } from '../schema/fields.js';
export {
  DEFAULT_EXPIRY_TIME,
  EVENT_BIT,
  HEADER_LENGTH,
  MAX_ENCODED_LENGTH,
  REPLY_BIT,
  VERSION,
} from '../schema/limits.js';
export type { FieldOf, MessageRow } from '../schema/messages.js';
export { MESSAGES, REFUSAL } from '../schema/messages.js';
export { PAYMENT_LINK_STATES, TAP_SOURCES, WIRE_RESULTS } from '../schema/names.js';
export type { ReasonRow } from '../schema/reasons.js';
export { REASONS } from '../schema/reasons.js';
export type { DecodedFrame, DecodedWire, FrameError, MessageError, MessageErrorCode } from './decode-wire.js';
export { decodeFrame, decodeWire } from './decode-wire.js';
export type { CobsCode, WirePart, WirePartKind } from './explain/wire-part.js';
export { explainWire } from './explain.js';
export { frameBytes } from './frame-bytes.js';
export { describeReason, resultOf } from './reasons.js';
