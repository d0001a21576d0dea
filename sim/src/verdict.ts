/** The result of a run. */
export interface Verdict {
  /** The violations, in words; empty if every invariant held. */
  readonly violations: readonly string[];
  /** One line for each event of the run. The same script gives the same lines, byte for byte. */
  readonly trace: readonly string[];
  /** The number of times that each fault, state and outcome was hit. */
  readonly hits: ReadonlyMap<string, number>;
}
