import type { Clock } from '@bluetap/transport';
import { Scope } from '../common/scope.js';
import { AbortSignals } from './abort-signals.js';
import { WaitingLine } from './waiting-line.js';

/** The options of every call: its time limit, and a signal that aborts it. */
export interface CallOptions {
  /**
   * Aborts the call. If bytes of a command may have left this host, the command is then in doubt, and its result says
   * so.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time limit of the whole call in milliseconds, including its wait in the queue: 1 to 2147483647. Default 5000.
   */
  readonly timeoutMs?: number | undefined;
}

interface Call {
  start(): Promise<void>;
}

/**
 * Runs one call at a time, in order. A call settles exactly once. If it has started, its own work settles it. If its
 * scope ends (time, signal, closing) while it still waits, it leaves the queue and nothing of it is sent.
 */
export class CallQueue {
  readonly #clock: Clock;
  readonly #onArrival: () => void;
  readonly #calls = new WaitingLine<Call>();
  /** The scopes of the calls that have not settled. */
  readonly #scopes = new Set<Scope>();
  readonly #signals = new AbortSignals();
  #closed: unknown;

  /**
   * @param onArrival Called inside `add` when a call has been added. It may take the call out and start it immediately.
   */
  constructor(clock: Clock, onArrival: () => void) {
    this.#clock = clock;
    this.#onArrival = onArrival;
  }

  get isEmpty(): boolean {
    return this.#calls.isEmpty;
  }

  /**
   * @param run Does the work. It must settle soon after its scope is aborted.
   * @param expired Creates the reason when the time is over, for a call that has started or still waits.
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
      // The time limit is set before anything can be sent: a clock that fails must not make a call that was sent look
      // like a call that was not sent.
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

  /** Ends every call with a reason. Every later call is rejected with the same reason. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const scope of this.#scopes) scope.abort(reason);
  }

  /** Takes the next call out of the queue. The caller must then call its `start`. */
  shift(): Call | undefined {
    return this.#calls.shift();
  }
}
