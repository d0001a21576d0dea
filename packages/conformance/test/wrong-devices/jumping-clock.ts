import type { Clock } from '@bluetap/transport';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * A clock that jumps to its next timer as soon as nothing else is to be done in this process. A run of minutes takes
 * milliseconds, and nobody has to move the time. It fits only if nothing waits for a socket or a file.
 */
export class JumpingClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now = 0;
  #jumps = false;

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { due: this.#now + Math.max(1, ms), callback };
    this.#timers.add(timer);
    this.#jump();
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** The number of timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  #jump(): void {
    if (this.#jumps || this.#timers.size === 0) return;
    this.#jumps = true;
    setImmediate(() => {
      this.#jumps = false;
      const next = this.#next();
      if (!next) return;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      this.#jump();
    });
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (!next || timer.due < next.due) next = timer;
    return next;
  }
}
