/** Counts how often something was hit in many runs. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(hits: ReadonlyMap<string, number>): void {
    for (const [what, times] of hits) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  get(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Returns one line for each name, in alphabetical order. */
  lines(): string[] {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `${String(times).padStart(12)}  ${what}`);
  }
}
