import type { Clock } from '@bluetap/transport';

/** A clock that knows how many timers its one user has set and left: 0 once that user is closed. */
export class CountedClock implements Clock {
  readonly #clock: Clock;
  readonly #pending = new Set<unknown>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#pending.size;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = this.#clock.setTimeout(() => {
      this.#pending.delete(timer);
      callback();
    }, ms);
    this.#pending.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#pending.delete(timer);
    this.#clock.clearTimeout(timer);
  }
}
