import type { Clock } from '../../src/index.js';

/** A clock that a test moves. */
export class ManualClock implements Clock {
  readonly #timers = new Map<object, { due: number; callback: () => void }>();
  #now = 0;

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

  /** Fires the timers that are due, in order, and lets every promise settle between them. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = [...this.#timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => a.due - b.due)[0];
      if (!next) break;
      const [timer, { due, callback }] = next;
      this.#timers.delete(timer);
      this.#now = due;
      callback();
    }
    this.#now = end;
  }
}
