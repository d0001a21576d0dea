import type { CaseResult, ConformanceReport } from './report.js';

/** Characters that XML 1.0 cannot hold, even as a reference. */
const NOT_XML = /(?![\t\n\r])\p{Cc}|[\p{Cs}\ufffe\uffff]/gu;

/** Writes a report as JUnit XML, for a CI. A case that is not applicable is a skipped test. */
export function reportJUnit(report: ConformanceReport): string {
  const { counts, cases, durationMs, side, ending, problem } = report;
  const ended = ending !== 'complete';
  const tests = cases.length + (ended ? 1 : 0);
  const head = [
    `name="${escaped(`bluetap conformance, ${side}`)}"`,
    `tests="${tests}"`,
    `failures="${counts.failed}"`,
    `errors="${ended ? 1 : 0}"`,
    `skipped="${counts['not applicable']}"`,
    `time="${(durationMs / 1000).toFixed(3)}"`,
  ].join(' ');
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', `  <testsuite ${head}>`];
  for (const each of cases) lines.push(...linesOf(each, side));
  if (ended) {
    lines.push(`    <testcase classname="bluetap.${side}" name="the run is complete">`);
    lines.push(`      <error type="${ending}" message="${escaped(problem ?? ending)}"/>`, '    </testcase>');
  }
  lines.push('  </testsuite>', '</testsuites>', '');
  return lines.join('\n');
}

function linesOf({ name, rules, verdict, did, came, expected, why, bytes }: CaseResult, side: string): string[] {
  const open = `    <testcase classname="bluetap.${side}.${rules[0] ?? 'R'}" name="${escaped(`${rules.join(' ')}: ${name}`)}"`;
  if (verdict === 'proven') return [`${open}/>`];
  if (verdict === 'not applicable')
    return [`${open}>`, `      <skipped message="${escaped(why ?? '')}"/>`, '    </testcase>'];
  const wire = bytes.map((line) => `${line.atMs} ms ${line.direction === 'sent' ? '=>' : '<='} ${line.wire}`);
  const body = [`did: ${did}`, `came: ${came ?? ''}`, `expected: ${expected}`, ...wire].join('\n');
  return [
    `${open}>`,
    `      <failure message="${escaped(came ?? expected)}">${escaped(body)}</failure>`,
    '    </testcase>',
  ];
}

function escaped(text: string): string {
  return text
    .replace(NOT_XML, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
