/** How long one wait may last. Everything is emulated here, on a machine that may be busy. */
export const WAIT_LIMIT_MS = 60_000;
