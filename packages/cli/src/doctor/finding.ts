/** The result for one thing that `bluetap doctor` examined. */
export interface Finding {
  /** `bad`: a program cannot use a device because of this. `note`: a person should know this. */
  readonly verdict: 'ok' | 'note' | 'bad';
  readonly what: string;
  readonly found: string;
  /** What to do: one step for a person. */
  readonly advice?: string;
}
