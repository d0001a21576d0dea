import type { Clock } from '@bluetap/transport';
import { setDeadline } from '@bluetap/transport/kit';
import { RunEnded } from './outcomes.js';

/** The longest time of the last steps of a run. */
const FINISH_MS = 7000;

/** The value of `within` if the time was over first. */
export const LATE = Symbol('late');

/** The time of a run: every wait ends when it is stopped, or when the time of the whole run is over. */
export class RunClock {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #limitMs: number;
  #due: number;
  #finishing = false;

  /** @param limitMs The longest time of the run, without its last steps. Infinity for none. */
  constructor(clock: Clock, signal: AbortSignal | undefined, limitMs: number) {
    this.#clock = clock;
    this.#signal = signal;
    this.#limitMs = limitMs;
    this.#due = clock.now() + limitMs;
  }

  /** Milliseconds of the clock. */
  now(): number {
    return this.#clock.now();
  }

  /** From now on nothing stops the run, but waits are short: its last steps bring the device to rest. */
  finish(): void {
    this.#finishing = true;
    this.#due = this.now() + FINISH_MS;
  }

  /** @throws RunEnded if the run was stopped or its time is over. */
  check(): void {
    if (this.#finishing) return;
    if (this.#signal?.aborted) throw stopped();
    if (this.now() < this.#due) return;
    throw new RunEnded(
      'stopped',
      `the run took longer than ${Math.round(this.#limitMs / 1000)} s: the device answers slowly; run the cases that are missing with "only"`,
    );
  }

  /** Waits. @throws What `check` throws. */
  async wait(ms: number): Promise<void> {
    await this.within(new Promise<never>(() => {}), ms);
  }

  /** Resolves as `promise` does, or to LATE after `ms` milliseconds. @throws What `check` throws. */
  async within<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
    this.check();
    const signal = this.#finishing ? undefined : this.#signal;
    // Without this a wait at the end of the time would make the run longer than it may be.
    const limited = Math.max(1, Math.min(ms, this.#due - this.now()));
    let release = () => {};
    try {
      const result = await new Promise<T | typeof LATE>((resolve, reject) => {
        const onAbort = () => reject(stopped());
        const cancel = setDeadline(this.#clock, limited, () => resolve(LATE));
        signal?.addEventListener('abort', onAbort);
        release = () => {
          cancel();
          signal?.removeEventListener('abort', onAbort);
        };
        promise.then(resolve, reject);
      });
      // That the time of the run is over does not say that nothing came.
      if (result === LATE && limited < ms) this.check();
      return result;
    } finally {
      release();
    }
  }
}

function stopped(): RunEnded {
  return new RunEnded('stopped', 'the run was stopped');
}
