import type { RuleId } from '../../rules/rules.js';

/** A rule that a host did not keep, and what it did. */
export interface Breach {
  readonly rule: RuleId;
  /** What came, as the end of a sentence that begins with "the host". */
  readonly text: string;
  /** True if the breach rests on a time. Then the situation is tried again, because this machine can be late too. */
  readonly timing?: true | undefined;
}
