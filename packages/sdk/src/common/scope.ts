import type { Clock } from '@bluetap/transport';
import { setDeadline } from '@bluetap/transport/kit';

/**
 * A piece of work that can be aborted: after a time, with its parent, or by its owner. Every wait in this work takes
 * the scope. `end` removes every timer and every listener.
 *
 * The SDK uses a scope in the place of an AbortSignal, because an AbortSignal for each call, with its events, is a
 * tenth of the cost of a call.
 */
export class Scope {
  readonly #clock: Clock;
  readonly #parent: Scope | undefined;
  #cancelDeadline: (() => void) | undefined;
  readonly #listeners: (() => void)[] = [];
  readonly #onParent = () => {
    this.#timeWasUp = this.#parent!.timeWasUp;
    this.abort(this.#parent!.reason);
  };
  #controller: AbortController | undefined;
  #aborted = false;
  #timeWasUp = false;
  #reason: unknown;

  constructor(clock: Clock, parent?: Scope) {
    this.#clock = clock;
    this.#parent = parent;
    if (parent?.aborted) this.#onParent();
    else parent?.onAbort(this.#onParent);
  }

  /**
   * Aborts the scope after a time, unless it has ended before.
   * @param reason Creates the reason when the time is over. It gets the number of milliseconds for which the program
   * was blocked.
   */
  limit(ms: number, reason: (stoodStillMs: number) => unknown): void {
    if (this.#aborted) return;
    this.#cancelDeadline = setDeadline(this.#clock, ms, (stoodStillMs) => {
      this.#timeWasUp = true;
      this.abort(reason(stoodStillMs));
    });
  }

  /** True if the scope was aborted. `reason` is the cause. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** True if the time of this scope or of its parent aborted it. False if the program aborted it. */
  get timeWasUp(): boolean {
    return this.#timeWasUp;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  /**
   * The scope as an AbortSignal, for a transport, which gets the scope as its options. Created when it is first read.
   */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Calls `listener` once, inside `abort`. Does not call it if the scope was aborted before. */
  onAbort(listener: () => void): void {
    this.#listeners.push(listener);
  }

  offAbort(listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** Ends the scope, because the work is done. */
  end(): void {
    this.#cancelDeadline?.();
    this.#parent?.offAbort(this.#onParent);
  }

  /**
   * Aborts the scope with a reason. The time and the parent of the scope use this method too. The first reason stays.
   */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.end();
    this.#controller?.abort(reason);
    // A listener may remove or add another listener during this loop. The loop respects that.
    for (let listener = this.#listeners.shift(); listener; listener = this.#listeners.shift()) listener();
  }
}

/**
 * Settles as `promise` does, or rejects with the scope's reason as soon as the scope is aborted. A rejection of
 * `promise` after the abort is ignored, so it is not an unhandled rejection.
 */
export function abortable<T>(promise: Promise<T>, scope: Scope): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(scope.reason);
    if (scope.aborted) onAbort();
    else scope.onAbort(onAbort);
    const settle = <V>(how: (value: V) => void) => {
      return (value: V) => {
        scope.offAbort(onAbort);
        how(value);
      };
    };
    promise.then(settle(resolve), settle(reject));
  });
}

/** A promise with the functions that settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/**
 * Returns the thrown value as an Error. Never throws: a program can throw a value that cannot be converted to a string
 * or cannot be read.
 */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof thrown.message === 'string') return thrown;
    return new Error(String(thrown));
  } catch {
    return new Error('what was thrown cannot be shown as text', { cause: thrown });
  }
}
