import type { Scope } from '../common/scope.js';

interface Waiting {
  readonly scopes: Set<Scope>;
  readonly onAbort: () => void;
}

/**
 * Ends scopes by the signals that their callers gave. It listens once to each signal, however many calls wait with it: with a
 * listener for each, a signal that many calls share looks through all of them whenever one is added or taken away.
 */
export class AbortSignals {
  readonly #waiting = new Map<AbortSignal, Waiting>();

  /** Ends `scope` when the signal does, unless it is removed before. The signal has not ended yet. */
  add(signal: AbortSignal, scope: Scope): void {
    const waiting = this.#waiting.get(signal) ?? this.#listen(signal);
    waiting.scopes.add(scope);
  }

  /** Nothing, where the scope is not there any more. */
  remove(signal: AbortSignal, scope: Scope): void {
    const waiting = this.#waiting.get(signal);
    if (waiting?.scopes.delete(scope) && waiting.scopes.size === 0) this.#forget(signal, waiting);
  }

  #listen(signal: AbortSignal): Waiting {
    const scopes = new Set<Scope>();
    const onAbort = () => {
      this.#forget(signal, waiting);
      for (const scope of scopes) scope.abort(signal.reason);
    };
    const waiting = { scopes, onAbort };
    // First, since it can throw: a signal that is waited for has a listener.
    signal.addEventListener('abort', onAbort);
    this.#waiting.set(signal, waiting);
    return waiting;
  }

  #forget(signal: AbortSignal, { onAbort }: Waiting): void {
    this.#waiting.delete(signal);
    signal.removeEventListener('abort', onAbort);
  }
}
