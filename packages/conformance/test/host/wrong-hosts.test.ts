import { type ConformanceReport, hostCases, judgeHost } from '@bluetap/conformance';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostProgram, withMistake } from './hosts.js';
import { WRONG_HOSTS, type WrongHost } from './wrong-hosts.js';

/** How many runs go on at the same time. A wrong host is in one situation, and most of its time is waiting. */
const AT_ONCE = 4;

const reports = new Map<string, ConformanceReport>();
let right: Promise<ConformanceReport>;

// All of them are run before the tests, some at a time, because a repeat comes after a second of the protocol.
beforeAll(async () => {
  right = judgeHost({ command: hostProgram, lines: true });
  const waiting = [...WRONG_HOSTS];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) reports.set(next.mistake, await judge(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, 120_000);

function judge({ mistake, run, lines }: WrongHost): Promise<ConformanceReport> {
  return judgeHost({ command: withMistake(mistake), situations: [run], lines });
}

describe('a wrong host is noticed by the case of its rule', () => {
  test.each(WRONG_HOSTS)('$mistake: $rule', ({ mistake, rule, run, inEveryRun }) => {
    const { cases, ending } = reports.get(mistake)!;
    const noticing = cases.find(({ name, rules }) => (inEveryRun ? name !== run && rules[0] === rule : name === run));
    expect(ending).toBe('complete');
    expect(noticing).toMatchObject({ verdict: 'failed', came: expect.stringContaining(`${rule}: the host `) });
    expect(noticing?.rules).toContain(rule);
  });
});

test('the right host passes every situation', async () => {
  const { counts, cases, ending } = await right;
  expect(cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
  expect(ending).toBe('complete');
  expect(cases).toHaveLength(hostCases().length);
  // HID reports and USB transfers do not exist on TCP.
  expect(counts['not applicable']).toBe(2);
}, 180_000);

test('the wrong hosts break every rule of a host that a run over TCP can show', () => {
  const shown = new Set(hostCases().flatMap(({ rules }) => rules));
  const broken = new Set(WRONG_HOSTS.map(({ rule }) => rule));
  expect([...shown].filter((rule) => !broken.has(rule))).toEqual(['R-8', 'R-87']);
  expect(new Set(WRONG_HOSTS.map(({ mistake }) => mistake)).size).toBe(WRONG_HOSTS.length);
});
