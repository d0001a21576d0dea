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

it.each(Object.entries(EXTRAS))('a right device passes a run with %s', async (_, extras) => {
  expectPass(await judged({}, extras));
});

describe.each(Object.entries(CONTROLS))('%s', (_, options) => {
  it.each(['nothing', 'hook'] as const)('passes a run with %s', async (needs) => {
    expectPass(await judged(options, declaring(options.taps, EXTRAS[needs])));
  });
});

it('a device that answers after 400 ms passes a run without a limit', async () => {
  expectPass(await judged({ answerMs: () => 400 }, EXTRAS.hook));
});

it('a run that has all that it needs leaves no case out', async () => {
  const report = await judged({}, EXTRAS.exhaustive);
  expect(
    report.cases.filter(({ verdict }) => verdict === 'not applicable').map(({ name, why }) => `${name}: ${why}`),
  ).toEqual([]);
});
