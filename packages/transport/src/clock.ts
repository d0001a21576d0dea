/** The only way in which sdk and emulator know of time, so that a whole session can run in virtual time. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Calls `callback` once after `ms` milliseconds, at most 2147483647. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Forgets a timer; one that has fired, or undefined, is no error. */
  clearTimeout(timer: unknown): void;
}

/** The real clock: monotonic, so that a corrected wall clock neither expires a payment link nor ends a call. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as number | undefined),
};
