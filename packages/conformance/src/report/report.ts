import type { RuleId, Side } from '../rules/rules.js';

/**
 * What a case has shown. `proven`: the rules of the case hold. `failed`: they do not. `not applicable`: nothing was
 * shown, and `why` says the reason.
 */
export type Verdict = 'proven' | 'failed' | 'not applicable';

/** Bytes on the wire, as one frame or one piece. */
export interface WireLine {
  /** Milliseconds since the start of the case, with decimals. */
  readonly atMs: number;
  /** `sent` by the program that judges, `received` by it. */
  readonly direction: 'sent' | 'received';
  /** Which connection, if there is more than one: 1 or 2. */
  readonly connection?: number | undefined;
  /** The bytes in lower-case hex. */
  readonly wire: string;
}

/** The result of one case. */
export interface CaseResult {
  /** The name of the case in words, unique. */
  readonly name: string;
  /** The rules that it proves. */
  readonly rules: readonly RuleId[];
  /** What it has shown. */
  readonly verdict: Verdict;
  /** What the case did, as one sentence. */
  readonly did: string;
  /** What came, as one sentence. Absent if the case did not run. */
  readonly came?: string | undefined;
  /** What should have come, as one sentence. */
  readonly expected: string;
  /** Why the case is not applicable. Present only then. */
  readonly why?: string | undefined;
  /** The bytes of the case. */
  readonly bytes: readonly WireLine[];
}

/** How long answers took, in milliseconds. */
export interface AnswerTimes {
  /** How many answers were measured. */
  readonly count: number;
  /** Half of the answers took at most this time. */
  readonly median: number;
  /** 90 % of the answers took at most this time. */
  readonly p90: number;
  /** 99 % of the answers took at most this time. */
  readonly p99: number;
  /** The longest time. */
  readonly longest: number;
}

/**
 * How a run ended. `complete`: every case was looked at. `no-device`: no device answered, or it went away.
 * `another-host`: another host has used the device in between. `stopped`: the run was interrupted.
 */
export type Ending = 'complete' | 'no-device' | 'another-host' | 'stopped';

/** What one run has shown. It is plain data, as `--json FILE` writes it. */
export interface ConformanceReport {
  /** The version of this shape. */
  readonly format: 1;
  /** Who was judged. */
  readonly side: Exclude<Side, 'both'>;
  /** Who was judged, in words: the identity of the device, or the command line of the host. */
  readonly subject: Readonly<Record<string, string | number | boolean>>;
  /** How the run ended. */
  readonly ending: Ending;
  /** What happened if the run is not complete, and what to do. */
  readonly problem?: string | undefined;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** How many cases have each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** One result for each case, in the order of the run. */
  readonly cases: readonly CaseResult[];
  /** Present if a device was judged and has answered. */
  readonly answerTimes?: AnswerTimes | undefined;
  /** Facts that are no failure, as sentences: a default that was written out, wire only. */
  readonly notes: readonly string[];
}

/**
 * The exit code of a run: 0 if every applicable rule held, 1 if one did not hold, 3 if there was no device or another
 * host used it.
 */
export function exitCodeOfReport({ ending, counts }: Pick<ConformanceReport, 'ending' | 'counts'>): 0 | 1 | 3 {
  if (counts.failed > 0) return 1;
  return ending === 'complete' ? 0 : 3;
}

/** How many cases have each verdict. */
export function countsOf(cases: readonly Pick<CaseResult, 'verdict'>[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { proven: 0, failed: 0, 'not applicable': 0 };
  for (const { verdict } of cases) counts[verdict]++;
  return counts;
}
