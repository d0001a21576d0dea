import type { RuleId } from '../../rules/rules.js';
import type { HookAction } from './hook.js';
import type { Probe } from './probe.js';

/** What a case needs beside the device. */
export interface Needs {
  /** Another connection to the same device. */
  readonly second?: true | undefined;
  /** What the hook must be able to do. */
  readonly hook?: readonly HookAction[] | undefined;
  /** The case takes minutes. */
  readonly exhaustive?: true | undefined;
}

/** One thing to try on a device, and what the rules say about it. */
export interface DeviceCase {
  /** The name in words, unique. */
  readonly name: string;
  /** The rules that it proves. */
  readonly rules: readonly RuleId[];
  /** What it does, as one sentence. */
  readonly did: string;
  /** What must come, as one sentence. */
  readonly expected: string;
  readonly needs?: Needs | undefined;
  /**
   * Runs the case. It begins without a session of its own, and on an idle payment link, a cancelled or an expired one.
   * @returns What came, as one sentence.
   * @throws Mismatch if it failed. NotShown if this device cannot show it. DeviceGone, RunEnded
   */
  run(probe: Probe): Promise<string>;
}
