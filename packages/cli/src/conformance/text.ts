import { type CaseResult, type ConformanceReport, reportText, type Verdict } from '@bluetap/conformance';
import { styles } from '../output/output.js';
import { lines, padded, type Text, text } from '../output/text.js';
import type { ListedCase } from './typed.js';

const WIDTH = 'not applicable'.length;
const COLOURS = { proven: 'green', failed: 'red', 'not applicable': 'yellow' } as const;

/** So many cases with the same reason have a line. If a run ends early, a hundred others have the same reason. */
const SAME_REASONS = 8;

/** Tells the cases of a run, each as it ends. */
export class CaseLines {
  readonly #print: (line: Text) => void;
  #why: string | undefined;
  #same = 0;

  /** @param print Prints one line. */
  constructor(print: (line: Text) => void) {
    this.#print = print;
  }

  /** Prints the line of a case: its verdict, its name, its rules, and the reason if it is not applicable. */
  add({ name, rules, verdict, why }: CaseResult): void {
    if (why === undefined || why !== this.#why) this.end();
    this.#why = why;
    if (why !== undefined && ++this.#same > SAME_REASONS) return;
    const reason = why === undefined ? '' : styles().dim(`: ${why}`);
    this.#print(text`${verdictOf(verdict)}  ${named({ name, rules })}${reason}`);
  }

  /** Prints how many cases had no line. */
  end(): void {
    const more = this.#same - SAME_REASONS;
    if (more > 0) this.#print(text`${verdictOf('not applicable')}  ${more} more, for the same reason`);
    this.#same = 0;
  }
}

/**
 * The report after the lines of the cases: who was judged, what came in each case that failed, and the counts. The lines
 * of the other cases are not repeated.
 */
export function summary(report: ConformanceReport): Text {
  const failed = report.cases.filter(({ verdict }) => verdict === 'failed');
  const { red, bold } = styles();
  const told = reportText({ ...report, cases: failed }).trimEnd();
  const parts = told.replaceAll(/\n{3,}/g, '\n\n').split('\n');
  const isBroken = (line: string) => /^(?:failed |R-\d+ is not kept)/.test(line);
  return lines(parts.map((line, at) => (isBroken(line) ? red(line) : at === parts.length - 1 ? bold(line) : line)));
}

/** The line of a case in the list. */
export function named({ name, rules }: ListedCase): Text {
  return text`${name} ${styles().dim(`(${rules.join(', ')})`)}`;
}

function verdictOf(verdict: Verdict): Text {
  return padded(styles()[COLOURS[verdict]](verdict), WIDTH);
}
