/** The numbers of the frame. docs/protocol.md sections 1, 2 and 5. */

/** The only version of the format so far. It is the first byte of every frame. */
export const VERSION = 1;

/** The length of the header before the payload, in bytes: version u8, type u8, session u16, sequence u8. */
export const HEADER_LENGTH = 5;

/** The length of the CRC-32C after the payload, in bytes. */
export const CRC_LENGTH = 4;

/**
 * The length of the longest encoded frame in bytes, without the delimiters. A receiver needs memory for this length
 * only.
 */
export const MAX_ENCODED_LENGTH = 128;

/** The length of the longest payload in bytes: the longest frame minus the header, the CRC and the one byte of COBS. */
export const MAX_PAYLOAD_LENGTH = MAX_ENCODED_LENGTH - 1 - HEADER_LENGTH - CRC_LENGTH;

/** Set in the type of every reply. A device drops such a frame without an answer. */
export const REPLY_BIT = 0x80;

/** Set in the type of every event. A device drops such a frame without an answer. */
export const EVENT_BIT = 0x40;

/** Set in the tag of every critical field. A receiver that does not know such a tag refuses the message. */
export const CRITICAL_BIT = 0x80;

/** The silence after which a receiver drops a partial frame, in milliseconds. */
export const PARTIAL_FRAME_TIMEOUT_MS = 1000;

/** The lifetime of a payment link in seconds, if its PAY has no expiry time. */
export const DEFAULT_EXPIRY_TIME = 900;
