import type { RuleId } from '../../../src/index.js';

/**
 * What a run must have to show a mistake. `declaration` is the declaration without a hook. `HID` and `vendor bulk` are
 * the function of USB that the run must use.
 */
export type Needs = 'nothing' | 'second' | 'hook' | 'declaration' | 'exhaustive' | 'HID' | 'vendor bulk';

/** What the device does wrong, the rule that a failed case must name, and what the run must have. */
export type Row = readonly [name: string, rule: RuleId, needs: Needs];
