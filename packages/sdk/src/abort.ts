import type { Clock } from '@bluetap/transport';

/**
 * A span of work that ends by itself: after a time, with any of its parents, or when its owner ends it. Everything
 * awaited inside takes `signal`; `end` leaves no timer and no listener behind.
 */
export class Scope {
  readonly #controller = new AbortController();
  readonly #parents: readonly AbortSignal[];
  readonly #clock: Clock;
  readonly #timer: unknown;
  readonly #onParent = (event: { target: unknown }) => this.abort((event.target as AbortSignal).reason);

  /** @param onTimeout Makes the reason with which the signal aborts when the time is up. */
  constructor(clock: Clock, parents: readonly (AbortSignal | undefined)[], ms?: number, onTimeout?: () => unknown) {
    this.#clock = clock;
    this.#parents = parents.filter((parent) => parent !== undefined);
    const aborted = this.#parents.find((parent) => parent.aborted);
    if (aborted) {
      this.#controller.abort(aborted.reason);
      return;
    }
    for (const parent of this.#parents) parent.addEventListener('abort', this.#onParent);
    if (ms !== undefined) this.#timer = clock.setTimeout(() => this.abort(onTimeout?.()), ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const parent of this.#parents) parent.removeEventListener('abort', this.#onParent);
  }

  /** Ends it with a reason, as its time or a parent does. */
  abort(reason: unknown): void {
    this.end();
    this.#controller.abort(reason);
  }
}

/**
 * As `promise`, or a rejection with the signal's reason as soon as it is aborted. What the promise does afterwards is
 * nobody's business any more, so a late rejection is not an unhandled one.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const settle = <V>(how: (value: V) => void) => {
      return (value: V) => {
        signal.removeEventListener('abort', onAbort);
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

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
