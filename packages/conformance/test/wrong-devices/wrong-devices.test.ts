// Each wrong device is noticed, and by a case that names the rule that it breaks.
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/index.js';
import { EXTRAS, failuresOf, judged } from './judged.js';
import { MISTAKES } from './mistakes/index.js';

describe('the table of mistakes', () => {
  it('has at least 60 mistakes, each once, and each breaks a rule of a device', () => {
    const names = MISTAKES.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(60);
    const rules = RULES.filter(({ side }) => side !== 'host').map(({ id }) => id);
    for (const [, rule] of MISTAKES) expect(rules).toContain(rule);
  });
});

describe('a wrong device', () => {
  for (const [mistake, rule, needs] of MISTAKES) {
    it(`${rule}: ${mistake}`, async () => {
      const report = await judged({ mistake }, { ...EXTRAS[needs], only: [rule] });
      const noticed = report.cases.some(({ verdict, rules }) => verdict === 'failed' && rules.includes(rule));
      expect(noticed, [`it ended "${report.ending}"`, ...failuresOf(report)].join('\n')).toBe(true);
    });
  }
});
