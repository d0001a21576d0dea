import { type CaseResult, type ConformanceReport, reportText, type Verdict } from '@bluetap/conformance';
import { styles } from '../output/output.js';
import { lines, padded, type Text, text } from '../output/text.js';
import type { ListedCase } from './typed.js';

const WIDTH = 'not applicable'.length;
const COLOURS = { proven: 'green', failed: 'red', 'not applicable': 'yellow' } as const;

/** The line of a case that has ended: its verdict, its name and its rules. */
export function caseLine({ name, rules, verdict, why }: CaseResult): Text {
  const reason = why === undefined ? '' : styles().dim(`: ${why}`);
  return text`${padded(painted(verdict), WIDTH)}  ${named({ name, rules })}${reason}`;
}

/**
 * The report after the lines of the cases: who was judged, what came in each case that failed, and the counts. The lines
 * of the other cases are not repeated.
 */
export function summary(report: ConformanceReport): Text {
  const failed = report.cases.filter(({ verdict }) => verdict === 'failed');
  const { red, bold } = styles();
  const told = reportText({ ...report, cases: failed })
    .trimEnd()
    .split('\n');
  const isBroken = (line: string) => /^(?:failed |R-\d+ is not kept)/.test(line);
  return lines(told.map((line, at) => (isBroken(line) ? red(line) : at === told.length - 1 ? bold(line) : line)));
}

/** The line of a case in the list. */
export function named({ name, rules }: ListedCase): Text {
  return text`${name} ${styles().dim(`(${rules.join(', ')})`)}`;
}

function painted(verdict: Verdict): Text {
  return styles()[COLOURS[verdict]](verdict);
}
