import type { Clock } from '../clock.js';

/**
 * The clock of a blocked program, for the tests of a transport. A timer that is due fires at the end of `block`, and
 * not before.
 */
export class BlockedClock implements Clock {
  readonly #timers = new Map<object, { due: number; callback: () => void }>();
  #now = 0;

  /** The number of timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): object {
    const timer = {};
    this.#timers.set(timer, { due: this.#now + ms, callback });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as object);
  }

  /** Lets `ms` milliseconds pass, in which the program is blocked. */
  block(ms: number): void {
    this.#now += ms;
    for (const [timer, { due, callback }] of [...this.#timers]) {
      // A timer that fires can clear another timer.
      if (due <= this.#now && this.#timers.delete(timer)) callback();
    }
  }
}
