import type { Clock } from '../clock.js';

/**
 * The clock of a program that blocks, for the test of a transport: each timer that is due comes when `block` is over, and not
 * before.
 */
export class BlockedClock implements Clock {
  readonly #timers = new Map<object, { due: number; callback: () => void }>();
  #now = 0;

  /** How many timers are set. */
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

  /** Lets `ms` milliseconds pass in which the program does nothing. */
  block(ms: number): void {
    this.#now += ms;
    for (const [timer, { due, callback }] of [...this.#timers]) {
      // One that fires can take another away.
      if (due <= this.#now && this.#timers.delete(timer)) callback();
    }
  }
}
