/** The numbers of the frame. docs/protocol.md sections 1, 2 and 5. */

/** The only version of the format so far; the first byte of every frame. */
export const VERSION = 1;

/** Bytes before the payload: version u8, type u8, session u16, sequence u8. */
export const HEADER_LENGTH = 5;

/** Bytes of CRC-32C after the payload. */
export const CRC_LENGTH = 4;

/** The longest frame in encoded bytes, delimiters not counted. A receiver needs no more memory than this. */
export const MAX_ENCODED_LENGTH = 128;

/** The longest payload in bytes: what header, CRC and the one byte of COBS leave of the longest frame. */
export const MAX_PAYLOAD_LENGTH = MAX_ENCODED_LENGTH - 1 - HEADER_LENGTH - CRC_LENGTH;

/** Set in the type of every reply. A device drops such a frame without an answer. */
export const REPLY_BIT = 0x80;

/** Set in the type of every event. A device drops such a frame without an answer. */
export const EVENT_BIT = 0x40;

/** Set in the tag of every critical field: a receiver that does not know the tag refuses the message. */
export const CRITICAL_BIT = 0x80;

/** Silence after which a partial frame is forgotten, in milliseconds. */
export const PARTIAL_FRAME_TIMEOUT_MS = 1000;

/** The lifetime of a payment link whose PAY names none, in seconds. */
export const DEFAULT_EXPIRY_TIME = 900;
