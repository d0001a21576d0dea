import type { Clock } from '@bluetap/transport';
import { setDeadline } from '@bluetap/transport/kit';

/**
 * A span of work that ends early: after a time, with its parent, or when its owner says so. Everything awaited inside
 * takes the scope; `end` leaves no timer and no listener behind.
 *
 * Inside the SDK it stands for an AbortSignal: one of those for each call, with its events, is a tenth of what a call costs.
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
   * Ends it early after a time, unless it has ended by then.
   * @param reason Makes the reason when the time is up; is told for how many milliseconds the program stood still.
   */
  limit(ms: number, reason: (stoodStillMs: number) => unknown): void {
    if (this.#aborted) return;
    this.#cancelDeadline = setDeadline(this.#clock, ms, (stoodStillMs) => {
      this.#timeWasUp = true;
      this.abort(reason(stoodStillMs));
    });
  }

  /** Whether it was ended early; `reason` says by what. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** Whether its time, or its parent's time, ended it. If not, the call was aborted or closed. */
  get timeWasUp(): boolean {
    return this.#timeWasUp;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  /** The same for a transport, which is given the scope as its options; made when it is first read. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Calls `listener` once, within `abort`; not when that has been already. */
  onAbort(listener: () => void): void {
    this.#listeners.push(listener);
  }

  offAbort(listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** The work is done. */
  end(): void {
    this.#cancelDeadline?.();
    this.#parent?.offAbort(this.#onParent);
  }

  /** Ends it early with a reason, as its time or its parent does. The first reason stays. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.end();
    this.#controller?.abort(reason);
    // One that takes another away, or adds one, while this goes on has its way.
    for (let listener = this.#listeners.shift(); listener; listener = this.#listeners.shift()) listener();
  }
}

/**
 * As `promise`, or a rejection with the scope's reason as soon as it ends early. What the promise does afterwards is
 * not used any more, so a late rejection is not an unhandled one.
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

/** A promise with its settling functions at hand. */
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

/** What was thrown, as an Error. Never throws: a program can throw what has no text, or does not let itself be read. */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof thrown.message === 'string') return thrown;
    return new Error(String(thrown));
  } catch {
    return new Error('what was thrown cannot be shown as text', { cause: thrown });
  }
}
