// A right device passes, in all its ways, and whatever the run has.
import { describe, expect, it } from 'vitest';
import { type ConformanceReport, exitCodeOfReport } from '../../src/index.js';
import { CONTROLS } from './controls.js';
import { declaring, EXTRAS, failuresOf, judged } from './judged.js';

function expectPass(report: ConformanceReport): void {
  expect(failuresOf(report)).toEqual([]);
  expect(report.problem).toBeUndefined();
  expect(exitCodeOfReport(report)).toBe(0);
  expect(report.counts.proven).toBeGreaterThan(0);
}

it.each(Object.entries(EXTRAS).filter(([needs]) => needs !== 'exhaustive'))(
  'a right device passes a run with %s',
  async (_, extras) => {
    expectPass(await judged({}, extras));
  },
);

describe.each(Object.entries(CONTROLS))('%s', (_, options) => {
  it.each(['nothing', 'hook'] as const)('passes a run with %s', async (needs) => {
    expectPass(await judged(options, declaring(options.taps, EXTRAS[needs])));
  });
});

it('a device that answers after 400 ms passes a run without a limit', async () => {
  expectPass(await judged({ answerMs: () => 400 }, EXTRAS.hook));
});

// It sends 65,536 HELLOs.
it('a run that takes minutes leaves only those cases out that cannot be', { timeout: 300_000 }, async () => {
  const report = await judged({}, EXTRAS.exhaustive);
  expectPass(report);
  expect(report.cases.flatMap(({ why = [] }) => why)).toEqual([
    'the connection has neither reports nor transfers',
    'the device says that it counts taps',
  ]);
});
