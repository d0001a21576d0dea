import type { RuleId } from '../../../src/index.js';

/** What a run must have to show a mistake. `declaration` is the declaration without a hook. */
export type Needs = 'nothing' | 'second' | 'hook' | 'declaration' | 'exhaustive';

/** What the device does wrong, the rule that a failed case must name, and what the run must have. */
export type Row = readonly [name: string, rule: RuleId, needs: Needs];
