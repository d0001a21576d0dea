import { printable } from '@bluetap/transport/kit';
import { RULES } from '../rules/rules.js';
import type { CaseResult, ConformanceReport, Verdict } from './report.js';

/** How a report looks. */
export interface TextOptions {
  /** True for a terminal that shows colours. Default false. */
  readonly colour?: boolean | undefined;
}

const COLOURS: Readonly<Record<Verdict, string>> = { proven: '32', failed: '31', 'not applicable': '2' };
const WIDTH = 'not applicable'.length;

/**
 * Writes a report for people: a line for each case, what came in each case that failed, and the counts.
 * @returns Lines, each with a line feed at its end. Text of a device cannot control a terminal.
 */
export function reportText(report: ConformanceReport, { colour = false }: TextOptions = {}): string {
  const paint = (verdict: Verdict, text: string) => (colour ? `\u001b[${COLOURS[verdict]}m${text}\u001b[0m` : text);
  const lines = [`${report.side} ${subjectOf(report)}`, ''];
  for (const each of report.cases) lines.push(...linesOf(each, paint));
  lines.push('', ...summaryOf(report));
  return `${lines.join('\n')}\n`;
}

function subjectOf({ subject }: ConformanceReport): string {
  return Object.entries(subject)
    .map(([name, value]) => `${name} ${printable(String(value))}`)
    .join(', ');
}

function linesOf(each: CaseResult, paint: (verdict: Verdict, text: string) => string): string[] {
  const { name, rules, verdict, did, came, expected, why, bytes } = each;
  const lines = [`${paint(verdict, verdict.padEnd(WIDTH))}  ${rules.join(' ')}  ${printable(name)}`];
  if (why !== undefined) lines.push(`    why: ${printable(why)}`);
  if (verdict !== 'failed') return lines;
  lines.push(`    did:      ${printable(did)}`);
  if (came !== undefined) lines.push(`    came:     ${printable(came)}`);
  lines.push(`    expected: ${printable(expected)}`);
  for (const { atMs, direction, connection, wire } of bytes) {
    const where = connection === undefined ? '' : ` (connection ${connection})`;
    lines.push(`    ${atMs.toFixed(1).padStart(9)} ms ${direction === 'sent' ? '=>' : '<='} ${wire}${where}`);
  }
  return lines;
}

function summaryOf(report: ConformanceReport): string[] {
  const { counts, answerTimes, notes, ending, problem, durationMs } = report;
  const lines: string[] = [];
  const broken = brokenRules(report);
  for (const { id, title } of RULES) if (broken.has(id)) lines.push(`${id} is not kept: ${title}`);
  for (const note of notes) lines.push(`note: ${printable(note)}`);
  if (answerTimes) {
    const { count, median, p90, p99, longest } = answerTimes;
    lines.push(
      `answer times of ${count} requests: median ${median} ms, 90 % ${p90} ms, 99 % ${p99} ms, longest ${longest} ms`,
    );
  }
  if (ending !== 'complete') lines.push(`${ending}: ${printable(problem ?? 'the run is not complete')}`);
  lines.push(
    `${counts.proven} proven, ${counts.failed} failed, ${counts['not applicable']} not applicable, in ${(durationMs / 1000).toFixed(1)} s`,
  );
  return lines;
}

function brokenRules({ cases }: ConformanceReport): ReadonlySet<string> {
  return new Set(cases.filter(({ verdict }) => verdict === 'failed').flatMap(({ rules }) => rules));
}
