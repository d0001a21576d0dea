import { type Clock, TransportError } from '@bluetap/transport';
import { abortable, deferred, type Scope } from '../common/scope.js';
import { CLOSE_TIMEOUT_MS, MAX_HANGING } from './timing.js';

/** The calls into one transport that have not come back: a library that hangs heeds no scope. */
export class CallsUnderWay {
  readonly #clock: Clock;
  readonly #calls = new Set<Promise<unknown>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws TransportError when so many hang that another one is not made. @param name The transport's. */
  checkRoom(name: string): void {
    if (this.#calls.size < MAX_HANGING) return;
    const text = `${name}: ${this.#calls.size} earlier calls have not come back; waiting for one: plug the device in again`;
    throw new TransportError('timeout', text);
  }

  /** Waits for `work` until the scope ends. A result that comes later goes to `onLate`. */
  take<T>(work: Promise<T>, scope: Scope, onLate?: (late: T) => Promise<void>): Promise<T> {
    const taken = abortable(work, scope);
    this.track(taken.then(undefined, () => work.then(onLate)));
    return taken;
  }

  /** Closes a channel in the background. The call counts as under way for at most the time that a close may take. */
  leave(closing: Promise<void>): void {
    this.track(this.#bounded(closing));
  }

  /** Counts `work` as under way until it settles. */
  track(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.catch(() => {}).then(() => this.#calls.delete(settled));
    this.#calls.add(settled);
  }

  /** Waits for all calls that are under way, with a time limit. */
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
