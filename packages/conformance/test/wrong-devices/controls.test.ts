// A right device passes, in all its ways, and whatever the run has.
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/index.js';
import { CONTROLS } from './controls.js';
import { declaring, EXTRAS, failuresOf, judged } from './judged.js';

describe.each(Object.entries(CONTROLS))('%s', (_, options) => {
  it.each(Object.entries(EXTRAS).filter(([needs]) => needs !== 'exhaustive'))(
    'passes a run with %s',
    async (_, extras) => {
      const report = await judged(options, declaring(options.taps, extras));
      expect(failuresOf(report)).toEqual([]);
      expect(report.problem).toBeUndefined();
      expect(exitCodeOf(report)).toBe(0);
      expect(report.counts.proven).toBeGreaterThan(0);
    },
  );
});

it('a device that answers after 400 ms passes a run without a limit', async () => {
  const report = await judged({ answerMs: () => 400 }, EXTRAS.hook);
  expect(failuresOf(report)).toEqual([]);
  expect(exitCodeOf(report)).toBe(0);
});

it('a right device passes a run that takes minutes', async () => {
  const report = await judged({}, EXTRAS.exhaustive);
  expect(failuresOf(report)).toEqual([]);
  expect(exitCodeOf(report)).toBe(0);
});

it('a run that has all that it needs leaves no case out', async () => {
  const report = await judged({}, EXTRAS.hook);
  expect(
    report.cases.filter(({ verdict }) => verdict === 'not applicable').map(({ name, why }) => `${name}: ${why}`),
  ).toEqual([]);
});
