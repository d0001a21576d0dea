import type { CaseResult } from '../../report/report.js';
import { RULES, type RuleId } from '../../rules/rules.js';
import type { Breach } from '../contract/breach.js';
import { sentence } from './result.js';
import type { SituationRun } from './run-situation.js';

/** The rules that are judged in every run of the host, whatever its situation is. */
const EVERY_RUN: readonly RuleId[] = [
  'R-1',
  'R-3',
  'R-6',
  'R-70',
  'R-71',
  'R-72',
  'R-75',
  'R-76',
  'R-79',
  'R-80',
  'R-82',
  'R-84',
  'R-85',
  'R-86',
];

/** Rules that a run over TCP cannot show. */
const ELSEWHERE: readonly { readonly rule: RuleId; readonly why: string }[] = [
  { rule: 'R-8', why: 'HID reports and USB transfers do not exist on TCP, where this run reaches the host' },
  { rule: 'R-87', why: 'USB bulk does not exist on TCP, where this run reaches the host' },
];

/** How many runs are quoted as examples of one breach. */
const EXAMPLES = 3;

/** A case that looks at all runs together. */
export interface EveryRunCase {
  readonly name: string;
  readonly rules: readonly RuleId[];
}

/** The cases that look at all runs together. */
export function everyRunCases(): readonly EveryRunCase[] {
  return [...EVERY_RUN, ...ELSEWHERE.map(({ rule }) => rule)].map((rule) => ({
    name: `in every run: ${titleOf(rule)}`,
    rules: [rule],
  }));
}

/** Judges one rule over all runs. @param runs What ran to its end. */
export function judgeEveryRun({ name, rules }: EveryRunCase, runs: readonly SituationRun[]): CaseResult {
  const rule = rules[0]!;
  const common = { name, rules, did: 'Looked at this rule in every run of the host.', expected: `${titleOf(rule)}.` };
  const elsewhere = ELSEWHERE.find((each) => each.rule === rule);
  if (elsewhere) return { ...common, verdict: 'not applicable', why: elsewhere.why, bytes: [] };
  if (runs.length === 0) return { ...common, verdict: 'not applicable', why: 'the host was not run', bytes: [] };
  const broken = runs.flatMap(({ situation, general }) => {
    const found = general.find((breach) => breach.rule === rule);
    return found ? [{ situation: situation.name, found }] : [];
  });
  if (rule === 'R-70') broken.push(...sameNonces(runs));
  if (broken.length === 0) {
    return { ...common, verdict: 'proven', came: `It held in ${runs.length} runs.`, bytes: [] };
  }
  const examples = broken.slice(0, EXAMPLES).map((each) => `${sentence(each.found)} (${each.situation})`);
  const more = broken.length > EXAMPLES ? ` And in ${broken.length - EXAMPLES} more runs.` : '';
  return { ...common, verdict: 'failed', came: `${examples.join(' ')}${more}`, bytes: [] };
}

/** A host with a fixed nonce sends the same one in each of its processes. */
function sameNonces(runs: readonly SituationRun[]): { readonly situation: string; readonly found: Breach }[] {
  const seen = new Map<number, string>();
  for (const { nonces, situation } of runs) {
    for (const nonce of nonces) {
      const earlier = seen.get(nonce);
      if (earlier !== undefined && earlier !== situation.name) {
        const text = `sent HELLO with the nonce ${nonce} in two of its processes`;
        return [{ situation: situation.name, found: { rule: 'R-70', text } }];
      }
      seen.set(nonce, situation.name);
    }
  }
  return [];
}

function titleOf(rule: RuleId): string {
  return RULES.find(({ id }) => id === rule)?.title ?? rule;
}
