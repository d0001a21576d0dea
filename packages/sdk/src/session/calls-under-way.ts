import { type Clock, TransportError } from '@bluetap/transport';
import { abortable, deferred, type Scope } from '../common/scope.js';
import { CLOSE_TIMEOUT_MS, MAX_HANGING } from './timing.js';

/** The calls into one transport that have not returned. A library that hangs ignores the scope. */
export class CallsUnderWay {
  readonly #clock: Clock;
  readonly #calls = new Set<Promise<unknown>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @throws TransportError if so many calls hang that no other call is made.
   * @param name The name of the transport.
   */
  checkRoom(name: string): void {
    if (this.#calls.size < MAX_HANGING) return;
    const text = `${name}: ${this.#calls.size} earlier calls have not returned; waiting for one: plug the device in again`;
    throw new TransportError('timeout', text);
  }

  /**
   * Settles as `work` does, or rejects when the scope is aborted. A result that comes too late is passed to `onLate`.
   */
  take<T>(work: Promise<T>, scope: Scope, onLate?: (late: T) => Promise<void>): Promise<T> {
    const taken = abortable(work, scope);
    this.track(taken.then(undefined, () => work.then(onLate)));
    return taken;
  }

  /** Lets a channel close in the background. It counts as a running call for at most the time limit of a close. */
  leave(closing: Promise<void>): void {
    this.track(this.#bounded(closing));
  }

  /** Counts `work` as a running call until it settles. */
  track(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.catch(() => {}).then(() => this.#calls.delete(settled));
    this.#calls.add(settled);
  }

  /** Waits for all running calls, but only for a limited time. */
  async settled(): Promise<void> {
    await this.#bounded(Promise.allSettled(this.#calls));
  }

  async #bounded(work: Promise<unknown>): Promise<void> {
    const bound = deferred<void>();
    const timer = this.#clock.setTimeout(bound.resolve, CLOSE_TIMEOUT_MS);
    await Promise.race([work, bound.promise]);
    this.#clock.clearTimeout(timer);
  }
}
