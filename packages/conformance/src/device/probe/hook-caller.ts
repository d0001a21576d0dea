import type { Hook, HookAction, HookResult } from './hook.js';
import { NotShown } from './outcomes.js';
import { LATE, type RunClock } from './run-clock.js';

/** The longest time of one call of the hook. A payment link of a case lives as long. */
const HOOK_MS = 30_000;

/** Calls the hook with a time limit. An action that hung once is not asked for again. */
export class HookCaller {
  readonly #hook: Hook | undefined;
  readonly #clock: RunClock;
  readonly #broken = new Map<HookAction, string>();

  constructor(hook: Hook | undefined, clock: RunClock) {
    this.#hook = hook;
    this.#clock = clock;
  }

  /** Why an action cannot be asked for; undefined if it can. */
  problem(action: HookAction): string | undefined {
    if (!this.#hook) return `there is no hook that can do "${action}"`;
    return this.#broken.get(action);
  }

  /** @throws NotShown if the hook failed, hung or returned nonsense. */
  async call(action: HookAction): Promise<HookResult> {
    const problem = this.problem(action);
    if (problem !== undefined) throw new NotShown(problem);
    const controller = new AbortController();
    try {
      const result = await this.#clock.within(this.#run(action, controller.signal), HOOK_MS);
      if (result === LATE) throw this.#break(action, `the hook did not end "${action}" in ${HOOK_MS / 1000} s`);
      return result;
    } finally {
      controller.abort();
    }
  }

  async #run(action: HookAction, signal: AbortSignal): Promise<HookResult> {
    let result: unknown;
    try {
      result = await this.#hook!(action, signal);
    } catch (error) {
      throw this.#break(
        action,
        `the hook failed at "${action}": ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const ndef: unknown = (result as HookResult | undefined)?.ndef;
    if (ndef !== undefined && !(ndef instanceof Uint8Array)) {
      throw this.#break(action, `the hook returned an NDEF message that is no Uint8Array at "${action}"`);
    }
    return ndef === undefined ? {} : { ndef };
  }

  #break(action: HookAction, why: string): NotShown {
    this.#broken.set(action, why);
    return new NotShown(why);
  }
}
