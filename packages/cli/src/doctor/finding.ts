/** One thing that was looked at. */
export interface Finding {
  /** `bad` keeps a program from a device; `note` is worth knowing. */
  readonly verdict: 'ok' | 'note' | 'bad';
  readonly what: string;
  readonly found: string;
  /** What a person can do about it: one step. */
  readonly advice?: string;
}
