import {
  aBoolean,
  aFunction,
  anAbortSignal,
  checkOptions,
  milliseconds,
  type OptionRule,
} from '@bluetap/transport/kit';
import type { CaseResult, ConformanceReport, Ending } from '../report/report.js';
import { countsOf } from '../report/report.js';
import { RULES, type RuleId } from '../rules/rules.js';
import { everyRunCases, judgeEveryRun } from './run/every-run.js';
import { caseResultOf, LATE_MS, rulesOf, troubleOf } from './run/result.js';
import { runSituation, type SituationRun } from './run/run-situation.js';
import { situationsFor } from './situations/index.js';
import type { Situation } from './situations/situation.js';

/** The options of `judgeHost`. */
export interface HostRunOptions {
  /** The program and its arguments. The arguments of each call are appended. */
  readonly command: readonly string[];
  /**
   * False: each call is a process. Its arguments are `pay --json --payment-method M --order-id O --amount A --timeout
   * MS`, or `cancel` or `status`, as the command `bluetap` takes them, and the last line of its stdout is the result.
   *
   * True: the command is started without arguments, and one process makes all calls of a situation. It reads one call a
   * line from its stdin, such as {"do":"pay","paymentMethod":"TRUEMONEY","orderId":"A1","timeoutMs":5000}, and ends at
   * the end of its stdin. `do` is `pay`, `cancel`, `status`, or `outcome`: then it asks the device again about its
   * latest command in doubt. It prints one result a line; other lines, and objects with `event`, are ignored. The
   * situations that need several calls are run too.
   *
   * A result is an object with `code`, `outcome` and `linkLive`, and as far as they are known `pending`, `state`, `taps`
   * and `remaining`, as `bluetap pay --json` prints them. A result of `outcome` needs no `code`.
   */
  readonly lines?: boolean | undefined;
  /** Only the cases that prove one of these rules. */
  readonly only?: readonly RuleId[] | undefined;
  /** Only the situations with one of these names. The rules that hold in every run are judged over them. */
  readonly situations?: readonly string[] | undefined;
  /** Ends the run. The report has what was shown until then. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each result, in the order of the report. */
  readonly onCase?: ((result: CaseResult) => void) | undefined;
  /** The longest time of one start of the host, in milliseconds; default 20000. Then it is killed. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 20_000;

/** How many hosts run at the same time. Most of their time is waiting. */
const AT_ONCE = 4;

/** After so many processes that had to be killed, the rest of the run shows nothing new. */
const MOST_KILLED = 6;

/** How often a situation is run until a time that was not kept counts. */
const TRIES = 5;

/** After so many situations in which no try kept a time, one try is enough: the host is too early, or too late. */
const SURE = 3;

/**
 * Judges a host program in any language. It is the device: for each situation it starts the program with the address of
 * an emulated device in BLUETAP_TRANSPORT, and compares what came on the wire and what the program says with
 * docs/protocol.md and with the device's own log.
 * @returns The report, whatever the host does. It also returns if the program cannot be started.
 * @throws TypeError that names a wrong option. Error if this machine cannot listen on its loopback address.
 */
export async function judgeHost(options: HostRunOptions): Promise<ConformanceReport> {
  check(options);
  const { command, lines = false, only, situations: names, onCase } = options;
  const start = performance.now();
  const wanted = (rules: readonly RuleId[]) => !only || rules.some((rule) => only.includes(rule));
  const situations = situationsFor(lines).filter(
    (situation) => wanted(rulesOf(situation)) && (!names || names.includes(situation.name)),
  );
  const cases: CaseResult[] = [];
  const tell = (result: CaseResult) => {
    cases.push(result);
    onCase?.(result);
  };
  /** Tells the results that are certain, in their order. Without facts, it is not certain yet what they are due. */
  const tellCertain = (runs: readonly (SituationRun | undefined)[]) => {
    if (!runs.some((run) => run?.hasFacts)) return;
    for (let run = runs[cases.length]; run; run = runs[cases.length]) tell(caseResultOf(run, false));
  };
  const { runs, ending, problem } = await runAll(situations, options, tellCertain);
  const done = runs.filter((run) => run !== undefined);
  const wireOnly = done.length > 0 && !done.some(({ hasFacts }) => hasFacts);
  while (cases.length < situations.length) {
    const run = runs[cases.length];
    tell(run ? caseResultOf(run, wireOnly) : notRun(situations[cases.length]!, problem));
  }
  for (const each of everyRunCases()) if (wanted(each.rules)) tell(judgeEveryRun(each, done));
  return {
    format: 1,
    side: 'host',
    subject: { command: command.join(' '), lines },
    ending,
    ...(problem !== undefined && { problem }),
    durationMs: performance.now() - start,
    counts: countsOf(cases),
    cases,
    notes: notesOf(wireOnly, lines),
  };
}

/** A case of a host run, before it is run. */
export interface HostCase {
  /** The name of the case in words, unique. */
  readonly name: string;
  /** The rules that it proves. */
  readonly rules: readonly RuleId[];
}

/** The cases of a host run. @param lines As in `HostRunOptions`; default true, which is all of them. */
export function hostCases(lines = true): readonly HostCase[] {
  const situations = situationsFor(lines).map((each) => ({ name: each.name, rules: rulesOf(each) }));
  return [...situations, ...everyRunCases()];
}

/** How all situations ended. */
interface AllRuns {
  /** One for each situation. Undefined if the situation was not run to its end. */
  readonly runs: readonly (SituationRun | undefined)[];
  readonly ending: Ending;
  readonly problem?: string | undefined;
}

async function runAll(
  situations: readonly Situation[],
  { command, lines = false, timeoutMs = DEFAULT_TIMEOUT_MS, signal }: HostRunOptions,
  onRun: (runs: readonly (SituationRun | undefined)[]) => void,
): Promise<AllRuns> {
  const stop = new AbortController();
  const stopped = () => stop.abort();
  signal?.addEventListener('abort', stopped);
  if (signal?.aborted) stopped();
  const runs: (SituationRun | undefined)[] = situations.map(() => undefined);
  let problem: string | undefined;
  let killed = 0;
  let untimely = 0;
  let next = 0;
  const work = async () => {
    while (next < situations.length && !stop.signal.aborted) {
      const at = next++;
      const options = { command, lines, limitMs: timeoutMs, signal: stop.signal };
      const run = await runUntilSure(situations[at]!, options, untimely < SURE ? TRIES : 1);
      if (isUntimely(run)) untimely++;
      if (run.end.killed !== 'stopped' && !run.end.startError) runs[at] = run;
      if (run.end.killed === 'time' || run.end.killed === 'output') killed++;
      if (run.end.startError) problem ??= `${troubleOf(run.end)} Check the command.`;
      else if (killed >= MOST_KILLED) {
        problem ??= `The host had to be killed ${killed} times, so the run was ended. Let it end by itself after each call.`;
      }
      if (problem !== undefined) stop.abort();
      onRun(runs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  signal?.removeEventListener('abort', stopped);
  if (signal?.aborted) problem ??= 'The run was interrupted. Start it again for the rest.';
  const ending = problem === undefined ? 'complete' : 'stopped';
  return { runs, ending, problem };
}

/** A time that was not kept counts only if no further try keeps it. This machine can be late too. */
async function runUntilSure(
  situation: Situation,
  options: Parameters<typeof runSituation>[1],
  tries: number,
): Promise<SituationRun> {
  let run = await runSituation(situation, options);
  for (let tried = 1; tried < tries && isUntimely(run); tried++) run = await runSituation(situation, options);
  return run;
}

function isUntimely(run: SituationRun): boolean {
  const deviceWasLate = run.lateMs > LATE_MS && caseResultOf(run, false).verdict === 'failed';
  return deviceWasLate || run.breaches.some(({ timing }) => timing);
}

function notRun(situation: Situation, problem: string | undefined): CaseResult {
  const { name, did, expected } = situation;
  const why = problem ?? 'the run was ended before';
  return { name, rules: rulesOf(situation), verdict: 'not applicable', did, expected, why, bytes: [] };
}

function notesOf(wireOnly: boolean, lines: boolean): string[] {
  const notes: string[] = [];
  if (wireOnly) notes.push('wire only: the host printed no result, so what it says of a command was not judged');
  if (!lines) notes.push('one call a process: what several calls of one process show was not judged (lines)');
  return notes;
}

const aCommand: OptionRule = {
  must: 'be an array with a program and its arguments, all strings',
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string'),
};

/** The value must be an array whose members are all known. */
function someOf(known: readonly unknown[], where: string): OptionRule {
  return {
    must: `be an array of members of ${where}`,
    holds: (value) => Array.isArray(value) && value.every((each) => known.includes(each)),
  };
}

/** @throws TypeError that names every option that is wrong. */
function check(options: HostRunOptions): void {
  if (!aCommand.holds(options?.command)) throw new TypeError(`judgeHost(): command must ${aCommand.must}`);
  const rules = RULES.filter(({ side }) => side !== 'device').map(({ id }) => id);
  const names = situationsFor(true).map(({ name }) => name);
  checkOptions<HostRunOptions>('judgeHost()', options, {
    command: aCommand,
    lines: aBoolean,
    only: someOf(rules, 'RULES that a host has to keep'),
    situations: someOf(names, 'hostCases()'),
    signal: anAbortSignal,
    onCase: aFunction,
    timeoutMs: milliseconds,
  });
}
