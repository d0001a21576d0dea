import type { AnswerTimes } from '../../report/report.js';

/** Collects how long answers took: from the closing delimiter written to the first byte of the reply. R-34. */
export class AnswerTimeLog {
  readonly #times: number[] = [];

  /** @param ms The time of one answer in milliseconds. */
  add(ms: number): void {
    this.#times.push(ms);
  }

  /** The distribution; undefined if nothing was answered. */
  get distribution(): AnswerTimes | undefined {
    if (this.#times.length === 0) return undefined;
    const sorted = [...this.#times].sort((left, right) => left - right);
    const at = (part: number) => rounded(sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)]!);
    return { count: sorted.length, median: at(0.5), p90: at(0.9), p99: at(0.99), longest: at(1) };
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
