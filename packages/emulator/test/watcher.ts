import type { EmulatorEvent } from '@bluetap/emulator';

/** Collects the events of an emulator. A test waits for an event instead of sleeping. */
export class Watcher {
  readonly events: EmulatorEvent[] = [];
  #waiting: (() => void)[] = [];
  #read = 0;

  readonly onEvent = (event: EmulatorEvent): void => {
    this.events.push(event);
    for (const wake of this.#waiting.splice(0)) wake();
  };

  /** Returns the next event of this kind that no earlier call has returned. */
  async next<K extends EmulatorEvent['event']>(kind: K): Promise<Extract<EmulatorEvent, { event: K }>> {
    for (;;) {
      while (this.#read < this.events.length) {
        const event = this.events[this.#read++]!;
        if (event.event === kind) return event as Extract<EmulatorEvent, { event: K }>;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** Returns the number of handles of this kind that keep the process alive. */
export function activeResources(kind: RegExp): number {
  return process.getActiveResourcesInfo().filter((name) => kind.test(name)).length;
}

/**
 * Waits until `done` is true. Handles close some turns of the event loop after their last callback.
 * @throws Error if `done` stays false.
 */
export async function settled(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (done()) return;
    await new Promise(setImmediate);
  }
  throw new Error(`still there: ${process.getActiveResourcesInfo().join(', ')}`);
}
