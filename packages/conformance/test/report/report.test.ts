import { describe, expect, test } from 'vitest';
import {
  type CaseResult,
  type ConformanceReport,
  countsOf,
  exitCodeOfReport,
  reportJUnit,
  reportText,
} from '../../src/index.js';

const PROVEN: CaseResult = {
  name: 'padding has any length',
  rules: ['R-2'],
  verdict: 'proven',
  did: 'It sent padding.',
  came: 'nothing came',
  expected: 'no answer',
  bytes: [],
};
const FAILED: CaseResult = {
  name: 'a repeated PAY is not executed again',
  rules: ['R-38', 'R-39'],
  verdict: 'failed',
  did: 'It sent a PAY twice.',
  came: 'remaining 30 & <b>"\u001b[31m',
  expected: 'a remaining below 30',
  bytes: [
    { atMs: 0.25, direction: 'sent', wire: '000102' },
    { atMs: 12, direction: 'received', connection: 2, wire: '0304' },
  ],
};
const SKIPPED: CaseResult = {
  name: 'taps stop at 255',
  rules: ['R-46'],
  verdict: 'not applicable',
  did: 'It tapped.',
  expected: 'taps 255',
  why: 'there is no hook that can do "tap"',
  bytes: [],
};

function reportOf(cases: readonly CaseResult[], more: Partial<ConformanceReport> = {}): ConformanceReport {
  return {
    format: 1,
    side: 'device',
    subject: { serialNumber: 'A\u001b1', simulated: true },
    ending: 'complete',
    durationMs: 2345,
    counts: countsOf(cases),
    cases,
    answerTimes: { count: 3, median: 1.5, p90: 2, p99: 3, longest: 4 },
    notes: ['taps 0 were written out'],
    ...more,
  };
}

describe('the report for people', () => {
  test('has a line for each case, the bytes of what failed, and the counts', () => {
    expect(reportText(reportOf([PROVEN, FAILED, SKIPPED]))).toBe(
      [
        'device serialNumber A\\u001b1, simulated true',
        '',
        'proven          R-2  padding has any length',
        'failed          R-38 R-39  a repeated PAY is not executed again',
        '    did:      It sent a PAY twice.',
        '    came:     remaining 30 & <b>"\\u001b[31m',
        '    expected: a remaining below 30',
        '          0.3 ms => 000102',
        '         12.0 ms <= 0304 (connection 2)',
        'not applicable  R-46  taps stop at 255',
        '    why: there is no hook that can do "tap"',
        '',
        'R-38 is not kept: a repeat is answered with the stored result and is not executed',
        'R-39 is not kept: a request uses its sequence if the header was right',
        'note: taps 0 were written out',
        'answer times of 3 requests: median 1.5 ms, 90 % 2 ms, 99 % 3 ms, longest 4 ms',
        '1 proven, 1 failed, 1 not applicable, in 2.3 s',
        '',
      ].join('\n'),
    );
  });

  test('says how an incomplete run ended', () => {
    const text = reportText(reportOf([], { ending: 'no-device', problem: 'it went away', answerTimes: undefined }));
    expect(text).toContain('\nno-device: it went away\n');
    expect(text).not.toContain('answer times');
  });

  test('has colours only if they are asked for', () => {
    expect(reportText(reportOf([FAILED]))).not.toContain('\u001b');
    expect(reportText(reportOf([FAILED]), { colour: true })).toContain('\u001b[31mfailed        \u001b[0m  R-38');
  });
});

describe('the report as JUnit', () => {
  test('has a test for each case, in XML that can be read', () => {
    const xml = reportJUnit(reportOf([PROVEN, FAILED, SKIPPED]));
    expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1" time="2.345"');
    expect(xml).toContain('<testcase classname="bluetap.device.R-2" name="R-2: padding has any length"/>');
    expect(xml).toContain('<failure message="remaining 30 &amp; &lt;b&gt;&quot;?[31m">');
    expect(xml).toContain('<skipped message="there is no hook that can do &quot;tap&quot;"/>');
    expect(xml).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(xml.match(/<testcase/g)).toHaveLength(3);
  });

  test('has an error if the run is not complete', () => {
    const xml = reportJUnit(reportOf([PROVEN], { ending: 'another-host', problem: 'stop "it"' }));
    expect(xml).toContain('tests="2" failures="0" errors="1"');
    expect(xml).toContain('<error type="another-host" message="stop &quot;it&quot;"/>');
  });
});

test.each([
  ['complete', 0, 0],
  ['complete', 1, 1],
  ['no-device', 0, 3],
  ['another-host', 0, 3],
  ['stopped', 0, 3],
  ['no-device', 2, 1],
] as const)('a run that ends "%s" with %i failures has the exit code %i', (ending, failed, code) => {
  expect(exitCodeOfReport({ ending, counts: { proven: 1, failed, 'not applicable': 0 } })).toBe(code);
});
