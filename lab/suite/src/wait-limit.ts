/** The time limit of one wait. It is long, because the whole guest is emulated on a machine that can be busy. */
export const WAIT_LIMIT_MS = 60_000;
