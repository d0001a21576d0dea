/** How often the watch looks at the clock. */
const TICK_MS = 10;

/**
 * Knows how late this process can be. Bytes that wait while this process is busy, or waits for its turn on the machine,
 * are read late. Without this, a host would seem to repeat too early.
 */
export class LoopWatch {
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #before = 0;
  #latest = 0;
  #lateMs = 0;

  /** @param now Milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#before = now();
    this.#latest = this.#before;
    this.#timer = setInterval(() => {
      this.#before = this.#latest;
      this.#latest = this.#now();
      this.#lateMs = Math.max(this.#lateMs, this.#latest - this.#before - TICK_MS);
    }, TICK_MS);
  }

  /** Bytes that are read now have come after this time. Not the latest tick: it can come between wait and read. */
  get earliestMs(): number {
    return this.#before;
  }

  /** The longest time that this process was late until now. */
  get lateMs(): number {
    return this.#lateMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
