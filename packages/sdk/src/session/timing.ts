/** The times and limits of docs/protocol.md section 5. All times are in milliseconds. */

/** How long a host waits for a reply before it repeats the same bytes. A device answers within 500 ms. */
export const REPLY_TIMEOUT_MS = 1000;

/** How often the same bytes are sent before the host asks for the outcome in a new session. */
export const COPIES = 3;

/** How many HELLOs, each with its own nonce, may stay unanswered before the channel is given up and opened again. */
export const HELLO_TRIES = 3;

/**
 * The pause before another try to list, to open and to send HELLO. It is also used if two sessions in a row were
 * shorter than this time. More frequent listing slows the device down.
 */
export const RETRY_MS = 1000;

/** How long the client sends no HELLO to a place where another device answered. */
export const OTHER_DEVICE_MS = 30_000;

/** The time limit of one `list` and `open` together. A library that hangs costs no more than this. */
export const OPEN_TIMEOUT_MS = 5000;

/** The time limit of a channel's close. After it, the channel is left to the system. */
export const CLOSE_TIMEOUT_MS = 1000;

/** The time limit of a call that has no `timeoutMs`. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** The longest time limit of a call: the largest time of a timer. */
export const MAX_TIMEOUT_MS = 2147483647;

/** How many calls into a transport may hang at the same time before no more calls are made. */
export const MAX_HANGING = 3;
