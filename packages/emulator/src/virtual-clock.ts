import type { Clock } from '@bluetap/transport';
import { aFunction, bindMethods } from '@bluetap/transport/kit';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** Microtask turns that everything waiting gets before a timer and after it: more than any chain of promises here needs. */
const SETTLE_TURNS = 100;

const LONGEST_TIMER_MS = 2147483647;

/**
 * A clock that moves only when a test says so: `new Emulator({ clock })`, and the same one for the SDK. A payment link
 * that lives for 15 minutes, or 68 years, then expires immediately.
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
  /** In the order of setting, so that timers with the same due time fire in that order. */
  readonly #timers = new Set<Timer>();
  #now = 0;

  /** Starts at 0, without a timer. */
  constructor() {
    bindMethods(this);
  }

  /** Milliseconds since the clock was made. */
  now(): number {
    return this.#now;
  }

  /**
   * As the real one: a delay below 1 ms is 1 ms.
   * @throws RangeError for a delay above 2147483647 ms, where a real timer would fire after 1 ms, and for NaN;
   * TypeError for a callback that is no function.
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

  /** How many timers are set; 0 when nothing was left behind. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Moves the time on and fires the timers on the way, in order. Before the first and after each, 100 turns of the
   * microtask queue go by, so that promises settle and what they set up is seen; sockets and files need real time and
   * are not waited for. `advance(0)` only lets promises settle.
   * @param ms Milliseconds, 0 or more.
   * @throws RangeError for anything else; whatever a timer's callback throws.
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
