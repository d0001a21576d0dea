import { callBack } from '@bluetap/transport/kit';
import type { Logger } from '../common/logger.js';

type Listener<Events> = (event: Events[keyof Events]) => unknown;

/** Listeners by event name. One that throws or rejects is logged: it must not touch a payment, nor another listener. */
export class Emitter<Events extends object> {
  /** For each event its listeners, and whether each is for one event alone. */
  readonly #listeners = new Map<keyof Events, Map<Listener<Events>, { readonly once: boolean }>>();
  readonly #logger: Logger | undefined;

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  /**
   * Returns the function that removes the listener again, unless it was removed and added again since. A listener is there
   * once: a listener of every event stays one, even if `once` adds it again.
   */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void, once: boolean): () => void {
    const listeners = this.#listeners.get(name) ?? new Map<Listener<Events>, { readonly once: boolean }>();
    const before = listeners.get(listener as Listener<Events>);
    const added = before && (once || !before.once) ? before : { once };
    this.#listeners.set(name, listeners.set(listener as Listener<Events>, added));
    return () => {
      const stays = listeners.get(listener as Listener<Events>) !== added || added.once !== once;
      if (!stays) listeners.delete(listener as Listener<Events>);
    };
  }

  off<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#listeners.get(name)?.delete(listener as Listener<Events>);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const [listener, { once }] of [...(this.#listeners.get(name) ?? [])]) {
      if (once) this.#listeners.get(name)?.delete(listener);
      callBack(
        () => listener(event),
        (error) => this.#logger?.error(`a listener of "${String(name)}" failed`, { error }),
      );
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
