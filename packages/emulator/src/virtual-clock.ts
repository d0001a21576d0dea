import type { Clock } from '@bluetap/transport';
import { aFunction, bindMethods } from '@bluetap/transport/kit';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** The number of microtask turns before and after each timer. This is more than any chain of promises here needs. */
const SETTLE_TURNS = 100;

const LONGEST_TIMER_MS = 2147483647;

/**
 * A clock that moves only when a test says so: `new Emulator({ clock })`, and the same one for the SDK. A payment link
 * with a lifetime of 15 minutes, or of 68 years, then expires immediately.
 *
 * ```ts
 * const clock = new VirtualClock();
 * const emulator = new Emulator({ clock });
 * // ... pay ...
 * await clock.advance(900_000);
 * emulator.snapshot.state; // 'expired'
 * ```
 *
 * Its methods work detached and behind a Proxy.
 */
export class VirtualClock implements Clock {
  /** In the order in which they were set. Timers with the same due time fire in that order. */
  readonly #timers = new Set<Timer>();
  #now = 0;

  /** Makes a clock with the time 0 and no timer. */
  constructor() {
    bindMethods(this);
  }

  /** Returns the milliseconds since the clock was made. */
  now(): number {
    return this.#now;
  }

  /**
   * Sets a timer. A delay below 1 ms is 1 ms, as with a real timer.
   * @throws RangeError for a delay above 2147483647 ms, where a real timer would fire after 1 ms, and for NaN;
   * TypeError if `callback` is not a function.
   */
  setTimeout(callback: () => void, ms: number): unknown {
    if (!aFunction.holds(callback)) throw new TypeError(`setTimeout(): callback must ${aFunction.must}`);
    if (!(ms <= LONGEST_TIMER_MS)) {
      throw new RangeError(
        `a timer takes at most ${LONGEST_TIMER_MS} ms, not ${ms}: a real one would fire immediately`,
      );
    }
    const timer = { due: this.#now + Math.max(1, ms), callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** The number of timers that are set. 0 shows that no timer was left behind. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Moves the time forward and fires the timers that become due, in order. Before the first timer and after each timer,
   * 100 turns of the microtask queue pass, so that promises settle and can set new timers. Sockets and files need real
   * time; `advance` does not wait for them. `advance(0)` only lets promises settle.
   * @param ms Milliseconds, 0 or more.
   * @throws RangeError for any other value. Also throws an error that a timer's callback throws.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY))
      throw new RangeError(`cannot advance by ${ms} ms: give a number of milliseconds, 0 or more`);
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.due);
      timer.callback();
      await settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
    }
    return next;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await undefined;
}
