import type { Clock } from '@bluetap/transport';
import { setDeadline } from '@bluetap/transport/kit';
import { RunEnded } from './outcomes.js';

/** The value of `within` if the time was over first. */
export const LATE = Symbol('late');

/** The time of a run: every wait ends when it is stopped, or when the time of the whole run is over. */
export class RunClock {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #due: number;
  readonly #limitMs: number;
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

  /** From now on nothing stops a wait: the last steps of a run bring the device to rest. */
  finish(): void {
    this.#finishing = true;
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
    let release = () => {};
    try {
      return await new Promise<T | typeof LATE>((resolve, reject) => {
        const onAbort = () => reject(stopped());
        const cancel = setDeadline(this.#clock, ms, () => resolve(LATE));
        signal?.addEventListener('abort', onAbort);
        release = () => {
          cancel();
          signal?.removeEventListener('abort', onAbort);
        };
        promise.then(resolve, reject);
      });
    } finally {
      release();
    }
  }
}

function stopped(): RunEnded {
  return new RunEnded('stopped', 'the run was stopped');
}
