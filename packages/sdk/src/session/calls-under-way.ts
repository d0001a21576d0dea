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

  /** As `work`, until the scope ends the waiting; a result that comes too late is given to `onLate`. */
  take<T>(work: Promise<T>, scope: Scope, onLate?: (late: T) => Promise<void>): Promise<T> {
    const taken = abortable(work, scope);
    this.track(taken.then(undefined, () => work.then(onLate)));
    return taken;
  }

  /** Lets a channel close behind whoever goes on; it counts no longer than a closing may take. */
  leave(closing: Promise<void>): void {
    this.track(this.#bounded(closing));
  }

  /** Counts `work` as under way until it settles. */
  track(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.catch(() => {}).then(() => this.#calls.delete(settled));
    this.#calls.add(settled);
  }

  /** Waits for all that is still under way, but not for ever. */
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
