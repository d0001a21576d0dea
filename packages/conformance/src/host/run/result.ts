import type { CaseResult } from '../../report/report.js';
import type { RuleId } from '../../rules/rules.js';
import type { Breach } from '../contract/breach.js';
import type { ProcessEnd } from '../process/host-process.js';
import { MOST_BYTES } from '../process/output-tail.js';
import type { Situation } from '../situations/situation.js';
import type { SituationRun } from './run-situation.js';

/** A case quotes at most this many breaches. */
const MOST_SENTENCES = 5;

/** A device that answered later than this because of this machine makes a right host do something else. */
export const LATE_MS = 100;

/** The rules that a situation can prove. */
export function rulesOf({ wireRules, factRules }: Situation): readonly RuleId[] {
  return [...new Set([...wireRules, ...factRules])];
}

/** Says what a situation has shown. @param wireOnly True if the host prints no facts in any situation. */
export function caseResultOf(run: SituationRun, wireOnly: boolean): CaseResult {
  const { situation, breaches, hasFacts } = run;
  const { name, did, expected, wireRules, factRules } = situation;
  const rules = wireOnly ? wireRules : rulesOf(situation);
  const common = { name, rules, did, expected, bytes: run.bytes } as const;
  if (wireOnly && wireRules.length === 0) {
    const why = 'only the facts show it, and the host prints none';
    return { ...common, rules: factRules, verdict: 'not applicable', why };
  }
  const own = breaches.filter(({ rule }) => rules.includes(rule));
  const trouble = troubleOf(run.end);
  const missing = !hasFacts && !wireOnly && needsFacts(situation) ? ['The host printed no result.'] : [];
  const said = [...run.trouble, ...sentences(own), ...(trouble ? [trouble] : []), ...missing];
  const late = run.lateMs > LATE_MS ? [`This machine made the device up to ${Math.round(run.lateMs)} ms late.`] : [];
  if (said.length > 0) return { ...common, verdict: 'failed', came: [...said, summary(run), ...late].join(' ') };
  return { ...common, verdict: 'proven', came: summary(run) };
}

function sentences(breaches: readonly Breach[]): string[] {
  const more = breaches.length - MOST_SENTENCES;
  const quoted = breaches.slice(0, MOST_SENTENCES).map(sentence);
  return more > 0 ? [...quoted, `And ${more} more.`] : quoted;
}

/** A breach as a sentence that names its rule. */
export function sentence({ rule, text }: Breach): string {
  return `${rule}: the host ${text}.`;
}

/** What was wrong with the process itself. Undefined if it ended by itself. */
export function troubleOf({ killed, signal, startError }: ProcessEnd): string | undefined {
  if (startError) return `The host could not be started: ${startError.message}.`;
  if (killed === 'time') return 'The host did not end in time and was killed.';
  if (killed === 'output') return `The host printed more than ${MOST_BYTES / 1e6} megabytes and was killed.`;
  if (killed === undefined && signal !== null) return `The host was ended by ${signal}.`;
  return undefined;
}

function needsFacts(situation: Situation): boolean {
  return 'talk' in situation || (situation.facts !== undefined && !situation.mayBeSilent);
}

function summary({ sent, factsText }: SituationRun): string {
  return `The host sent ${sent}; it said ${factsText}.`;
}
