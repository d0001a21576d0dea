import { callBack } from '@bluetap/transport/kit';
import type { Logger } from '../common/logger.js';

/** Listeners by event name. One that throws or rejects is logged: it must not touch a payment, nor another listener. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();
  readonly #logger: Logger | undefined;

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  /** Returns the function that removes the listener again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      callBack(
        () => (listener as (event: Events[Name]) => unknown)(event),
        (error) => this.#logger?.error(`a listener of "${String(name)}" failed`, { error }),
      );
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
