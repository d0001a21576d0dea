/** docs/protocol.md section 5. All in milliseconds. */

/** How long a host waits for a reply before it repeats the same bytes. A device answers within 500. */
export const REPLY_TIMEOUT_MS = 1000;

/** How often the same bytes are sent before the outcome is asked for through a new session. */
export const COPIES = 3;

/** How many HELLOs go unanswered, each with its own nonce, before the channel is given up and opened again. */
export const HELLO_TRIES = 3;

/**
 * The pause before another try to list, open and greet, also when two sessions in a row were shorter than this. Listing more
 * often slows the device down.
 */
export const RETRY_MS = 1000;

/** How long a place where another device answered is not greeted again. */
export const OTHER_DEVICE_MS = 30_000;

/** The bound on one `list` and `open`; a library that hangs costs no more. */
export const OPEN_TIMEOUT_MS = 5000;

/** The bound on closing a channel; past it the channel is left to the system. */
export const CLOSE_TIMEOUT_MS = 1000;

/** The bound on a call that names none. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** The longest bound that a call may name: what a timer can count. */
export const MAX_TIMEOUT_MS = 2147483647;

/** How many calls into a transport may hang at the same time. Then no further call is made. */
export const MAX_HANGING = 3;
