import type { Clock } from '@bluetap/transport';
import type { SimClock } from './sim-clock.js';

/** How long a program goes on between two blocks. */
const GOES_ON_MS = 500;

/**
 * The event loop of a POS program. While it is blocked, no timer fires and nothing is read. After that, the timers fire
 * first, and then the program reads what has come, as in Node.
 */
export class Gate {
  readonly #clock: SimClock;
  #until = 0;
  #timers: (() => void)[] = [];
  #input: (() => void)[] = [];
  /** When the program goes on, or went on, after its latest block. */
  wentOnAt = Number.NEGATIVE_INFINITY;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  get blocked(): boolean {
    return this.#clock.now() < this.#until || this.#timers.length > 0 || this.#input.length > 0;
  }

  /** True if something has come that the program has not read yet. */
  get waits(): boolean {
    return this.#input.length > 0;
  }

  block(ms: number): void {
    // A program that has stood still has some time to read. It cannot read if it stands still again at once.
    if (this.blocked || this.#clock.now() < this.wentOnAt + GOES_ON_MS) return;
    const end = this.#clock.now() + ms;
    this.#until = end;
    this.wentOnAt = end;
    this.#clock.setTimeout(() => this.#goesOn(end), ms);
  }

  /** Something comes from outside: bytes, the end of a call of the system, a click of the cashier. */
  input(action: () => void): void {
    if (this.blocked) this.#input.push(action);
    else action();
  }

  /** The clock of the program. */
  clock(): Clock {
    return {
      now: () => this.#clock.now(),
      setTimeout: (callback, ms) => {
        const timer = { callback, inner: undefined as unknown };
        timer.inner = this.#clock.setTimeout(() => {
          if (this.blocked) this.#timers.push(() => timer.callback());
          else timer.callback();
        }, ms);
        return timer;
      },
      clearTimeout: (timer) => {
        const set = timer as { callback: () => void; inner: unknown } | undefined;
        if (!set) return;
        set.callback = nothing;
        this.#clock.clearTimeout(set.inner);
      },
    };
  }

  /** Each callback gets an instant of its own, because promises settle between two callbacks. */
  #goesOn(end: number): void {
    if (end !== this.#until) return;
    const next = this.#timers.shift() ?? this.#input.shift();
    if (!next) return;
    next();
    this.#clock.setTimeout(() => this.#goesOn(end), 0);
  }
}

/** One function for all timers. A function that is assigned where it is written stays in memory for long. */
function nothing(): void {}
