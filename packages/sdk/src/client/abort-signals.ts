import type { Scope } from '../common/scope.js';

interface Waiting {
  readonly scopes: Set<Scope>;
  readonly onAbort: () => void;
}

/**
 * Aborts scopes when the signals of their callers are aborted. It adds one listener to each signal, even if many calls
 * share the signal. With one listener for each call, the signal would search through all listeners each time that one
 * is added or removed.
 */
export class AbortSignals {
  readonly #waiting = new Map<AbortSignal, Waiting>();

  /**
   * Aborts `scope` when the signal is aborted, unless the scope is removed before. The signal must not be aborted yet.
   */
  add(signal: AbortSignal, scope: Scope): void {
    const waiting = this.#waiting.get(signal) ?? this.#listen(signal);
    waiting.scopes.add(scope);
  }

  /** Removes a scope. Does nothing if the scope is not there. */
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
    // This line is first, because it can throw. A signal in the map must have a listener.
    signal.addEventListener('abort', onAbort);
    this.#waiting.set(signal, waiting);
    return waiting;
  }

  #forget(signal: AbortSignal, { onAbort }: Waiting): void {
    this.#waiting.delete(signal);
    signal.removeEventListener('abort', onAbort);
  }
}
