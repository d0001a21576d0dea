import type { Clock } from '@bluetap/transport';
import { Scope } from '../common/scope.js';
import { AbortSignals } from './abort-signals.js';
import { WaitingLine } from './waiting-line.js';

/** How long a call may take, and what else ends it. */
export interface CallOptions {
  /** Ends the call early. A command that may have left is then in doubt, and its result says so. */
  readonly signal?: AbortSignal | undefined;
  /** The bound on the whole call in milliseconds, waiting in the queue included: 1 to 2147483647. Default 5000. */
  readonly timeoutMs?: number | undefined;
}

interface Call {
  start(): Promise<void>;
}

/**
 * One call at a time, in order. A call settles exactly once: by its own work once it has been started, or by the end of
 * its scope (time, signal, closing) while it still waits; then it is out of the queue and was never sent.
 */
export class CallQueue {
  readonly #clock: Clock;
  readonly #onArrival: () => void;
  readonly #calls = new WaitingLine<Call>();
  /** Of every call that has not settled. */
  readonly #scopes = new Set<Scope>();
  readonly #signals = new AbortSignals();
  #closed: unknown;

  /** @param onArrival Called within `add` when a call has come; may take it out and start it immediately. */
  constructor(clock: Clock, onArrival: () => void) {
    this.#clock = clock;
    this.#onArrival = onArrival;
  }

  get isEmpty(): boolean {
    return this.#calls.isEmpty;
  }

  /**
   * @param run Does the work; has to settle soon after its scope ends early.
   * @param expired Makes the reason when the time is up, started or still waiting.
   */
  add<T>(
    run: (scope: Scope) => Promise<T>,
    signal: AbortSignal | undefined,
    timeoutMs: number,
    expired: (started: boolean, stoodStillMs: number) => Error,
  ): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    let started = false;
    const scope = new Scope(this.#clock);
    const forget = () => {
      this.#scopes.delete(scope);
      if (signal) this.#signals.remove(signal, scope);
    };
    if (signal) this.#signals.add(signal, scope);
    this.#scopes.add(scope);
    return new Promise<T>((resolve, reject) => {
      const onEnd = () => {
        forget();
        leave();
        reject(scope.reason);
      };
      // Before anything can leave: a clock that fails must not make a call that was sent look like one that was not.
      scope.limit(timeoutMs, (stoodStillMs) => expired(started, stoodStillMs));
      scope.onAbort(onEnd);
      const leave = this.#calls.join({
        start: async () => {
          started = true;
          scope.offAbort(onEnd);
          try {
            resolve(await run(scope));
          } catch (error) {
            reject(error);
          } finally {
            forget();
            scope.end();
          }
        },
      });
      this.#onArrival();
    });
  }

  /** Ends every call with a reason, and those that are still to come. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const scope of this.#scopes) scope.abort(reason);
  }

  /** Takes the next call out, whose `start` the caller then owes. */
  shift(): Call | undefined {
    return this.#calls.shift();
  }
}
