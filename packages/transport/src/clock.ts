/** The SDK and the emulator read the time only from a `Clock`, so that a whole session can run in virtual time. */
export interface Clock {
  /** Milliseconds since a fixed point in time. Never goes back. */
  now(): number;
  /** Calls `callback` once after `ms` milliseconds, at most 2147483647. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Cancels a timer. A timer that has fired, or undefined, is not an error. */
  clearTimeout(timer: unknown): void;
}

/** The real clock. It is monotonic, so a correction of the wall clock does not expire a payment link or end a call. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as number | undefined),
};
