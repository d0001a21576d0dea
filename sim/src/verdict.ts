/** What a run came to. */
export interface Verdict {
  /** What was found wrong, in words; empty when every invariant held. */
  readonly violations: readonly string[];
  /** Everything that happened, a line each. The same script gives the same lines, byte for byte. */
  readonly trace: readonly string[];
  /** How often each fault, state and outcome was hit. */
  readonly hits: ReadonlyMap<string, number>;
}
