import type { CaseResult, Verdict } from '../../report/report.js';
import type { DeviceCase } from './device-case.js';
import { DeviceGone, Mismatch, NotShown, RunEnded } from './outcomes.js';
import type { Probe } from './probe.js';

/** The result of a case, and why the run ends with it, if it does. */
export interface CaseEnd {
  readonly result: CaseResult;
  readonly ended?: RunEnded | undefined;
}

interface Outcome {
  readonly verdict: Verdict;
  readonly came?: string | undefined;
  readonly expected?: string | undefined;
  readonly why?: string | undefined;
  readonly ended?: RunEnded | undefined;
  /** True if the connection ended. */
  readonly gone?: true | undefined;
}

/** Runs one case and brings the device to rest. Never rejects. */
export async function runCase(each: DeviceCase, probe: Probe): Promise<CaseEnd> {
  probe.beginCase();
  const missing = whatIsMissing(each, probe);
  if (missing !== undefined) return { result: resultOf(each, probe, { verdict: 'not applicable', why: missing }) };
  const shown = await outcomeOf(() => each.run(probe));
  if (shown.ended) return { result: resultOf(each, probe, shown), ended: shown.ended };
  const rested = await outcomeOf(async () => {
    await probe.rest();
    return '';
  });
  // What spoils the end of a case says more than the case: another host, a device that restarted or went away.
  const spoiled =
    rested.ended?.ending === 'another-host' ||
    (rested.ended !== undefined && shown.gone === true) ||
    (rested.verdict === 'failed' && shown.verdict === 'proven');
  return { result: resultOf(each, probe, spoiled ? rested : shown), ended: rested.ended };
}

/** The result of a case that did not run. */
export function notRun(each: DeviceCase, why: string): CaseResult {
  const { name, rules, did, expected } = each;
  return { name, rules, verdict: 'not applicable', did, expected, why, bytes: [] };
}

function resultOf({ name, rules, did, expected }: DeviceCase, probe: Probe, outcome: Outcome): CaseResult {
  const { verdict, came, why } = outcome;
  return {
    name,
    rules,
    verdict,
    did,
    ...(came !== undefined && { came }),
    expected: outcome.expected ?? expected,
    ...(why !== undefined && { why }),
    bytes: probe.transcript.lines,
  };
}

function whatIsMissing({ needs = {} }: DeviceCase, probe: Probe): string | undefined {
  if (needs.exhaustive && !probe.setting.exhaustive) return 'it takes minutes: run with "exhaustive"';
  if (needs.second && !probe.setting.second) return 'it needs a second transport to the same device';
  for (const action of needs.hook ?? []) {
    const problem = probe.hookProblem(action);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function outcomeOf(run: () => Promise<string>): Promise<Outcome> {
  try {
    return { verdict: 'proven', came: await run() };
  } catch (error) {
    if (error instanceof Mismatch) return { verdict: 'failed', came: error.message, expected: error.expected };
    if (error instanceof NotShown) return { verdict: 'not applicable', why: error.message };
    if (error instanceof RunEnded) return { verdict: 'not applicable', why: error.message, ended: error };
    if (error instanceof DeviceGone)
      return { verdict: 'failed', came: `the connection ended: ${error.message}`, gone: true };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { verdict: 'failed', came: `the transport failed: ${text}` };
  }
}
