import { type Clock, systemClock, type Transport } from '@bluetap/transport';
import {
  aBoolean,
  aClock,
  aFunction,
  anAbortSignal,
  anObject,
  aString,
  callBack,
  checkOptions,
  hasFunctions,
  type OptionRules,
} from '@bluetap/transport/kit';
import { type CaseResult, type ConformanceReport, countsOf, type Ending } from '../report/report.js';
import { RULES, type RuleId } from '../rules/rules.js';
import { ALL_CASES } from './cases/all-cases.js';
import { type Declaration, readDeclaration, unusedFunctions } from './probe/declaration.js';
import type { DeviceCase } from './probe/device-case.js';
import type { Hook } from './probe/hook.js';
import { DeviceGone, Mismatch, NoAnswer, RunEnded } from './probe/outcomes.js';
import { Probe } from './probe/probe.js';
import { notRun, runCase } from './probe/run-case.js';
import { RunClock } from './probe/run-clock.js';
import type { Setting } from './probe/setting.js';

/** What a run on a device gets. */
export interface DeviceRunOptions {
  /** Reaches the device. */
  readonly transport: Transport;
  /** Reaches the same device through another connection. Cases of two connections need it. */
  readonly second?: Transport | undefined;
  /** The serial number of the device, or its id in the transport. Needed if a transport lists several. */
  readonly device?: string | undefined;
  /** What the device has. */
  readonly declaration?: Declaration | undefined;
  /** Does what a person does with the device. */
  readonly hook?: Hook | undefined;
  /** Only the cases of these rules. Default: all. */
  readonly only?: readonly RuleId[] | undefined;
  /** True also runs the cases that take minutes. */
  readonly exhaustive?: boolean | undefined;
  /** For all times of the run; default `systemClock`. */
  readonly clock?: Clock | undefined;
  /** Returns unsigned 32-bit numbers for nonces; default `crypto.getRandomValues`. */
  readonly random?: (() => number) | undefined;
  /** Stops the run. The results so far are in the report. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each case. */
  readonly onCase?: ((result: CaseResult) => void) | undefined;
}

/** The longest time of a run without declaration and hook is 90 s. The rest is for its last steps. */
const SHORT_RUN_MS = 82_000;
/** How often a run sends its first HELLO. */
const FIRST_TRIES = 3;

const aTransport = {
  must: 'be a transport with a name and the functions list and open',
  holds: (value: unknown) => hasFunctions(value, ['list', 'open']) && aString.holds((value as Transport).name),
};

const RULES_OF_OPTIONS: OptionRules<DeviceRunOptions> = {
  transport: aTransport,
  second: aTransport,
  device: aString,
  declaration: anObject,
  hook: aFunction,
  only: {
    must: 'be an array of rule numbers of a device, such as "R-38"',
    holds: (value) =>
      Array.isArray(value) && value.every((each) => RULES.some(({ id, side }) => id === each && side !== 'host')),
  },
  exhaustive: aBoolean,
  clock: aClock,
  random: aFunction,
  signal: anAbortSignal,
  onCase: aFunction,
};

/** One entry of the list of cases. */
export interface ListedDeviceCase {
  /** The name of the case, unique. */
  readonly name: string;
  /** The rules that it proves. */
  readonly rules: readonly RuleId[];
}

/** The cases of a run on a device, in their order, for a list. */
export function deviceCases(): readonly ListedDeviceCase[] {
  return ALL_CASES.map(({ name, rules }) => ({ name, rules }));
}

/**
 * Judges a device from outside: it sends right and wrong requests, and compares the answers with docs/protocol.md. A
 * CANCEL ends every run. Without declaration and hook it takes at most 90 s. It never rejects for what a device, a
 * transport or a hook does.
 * @throws TypeError that names an option that is missing or wrong.
 */
export async function judgeDevice(options: DeviceRunOptions): Promise<ConformanceReport> {
  const setting = settingOf(options);
  const { clock, signal, exhaustive, hook } = setting;
  const start = clock.now();
  const isLong = exhaustive || hook !== undefined || options.declaration !== undefined;
  const runClock = new RunClock(clock, signal, isLong ? Number.POSITIVE_INFINITY : SHORT_RUN_MS);
  const probe = new Probe(setting, runClock);
  const wanted = ALL_CASES.filter(({ rules }) => !options.only || rules.some((rule) => options.only?.includes(rule)));
  const results: CaseResult[] = [];
  const add = (result: CaseResult) => {
    results.push(result);
    callBack(
      () => options.onCase?.(result),
      (error) => probe.notes.add(`onCase failed: ${String(error)}`),
    );
  };
  const ended = await runAll(wanted, probe, add);
  if (!options.only) probe.notes.add(`no case shows ${unseenRules().join(' and ')}: look at them in another way`);
  const transports = [setting.transport, ...(setting.second ? [setting.second] : [])].map(({ name }) => name);
  for (const sentence of unusedFunctions(setting.declaration, transports)) probe.notes.add(sentence);
  return {
    format: 1,
    side: 'device',
    subject: subjectOf(probe, setting),
    ending: (ended?.ending ?? 'complete') satisfies Ending,
    ...(ended && { problem: ended.message }),
    durationMs: Math.round(clock.now() - start),
    counts: countsOf(results),
    cases: results,
    ...(probe.times.distribution && { answerTimes: probe.times.distribution }),
    notes: [...probe.notes],
  };
}

/** The rules that no case from outside can show. */
function unseenRules(): readonly RuleId[] {
  const seen = new Set(ALL_CASES.flatMap(({ rules }) => rules));
  return RULES.filter(({ id, side }) => side !== 'host' && !seen.has(id)).map(({ id }) => id);
}

async function runAll(
  wanted: readonly DeviceCase[],
  probe: Probe,
  add: (result: CaseResult) => void,
): Promise<RunEnded | undefined> {
  let ended = await begin(probe);
  for (const each of wanted) {
    if (ended) {
      add(notRun(each, `it did not run: ${ended.message}`));
      continue;
    }
    const end = await runCase(each, probe);
    ended = end.ended;
    add(end.result);
  }
  await finish(probe);
  return ended;
}

/** The first HELLO. Without an answer there is no device. */
async function begin(probe: Probe): Promise<RunEnded | undefined> {
  for (let left = FIRST_TRIES - 1; ; left--) {
    try {
      await probe.open();
      return undefined;
    } catch (error) {
      if (error instanceof RunEnded) return error;
      if (error instanceof DeviceGone) return new RunEnded('no-device', error.message);
      // A device that answers something wrong is a device. The cases say what is wrong.
      if (error instanceof Mismatch && !(error instanceof NoAnswer)) return undefined;
      if (!(error instanceof Mismatch)) return new RunEnded('no-device', `the transport failed: ${String(error)}`);
      if (left > 0) continue;
      // The first case says what is wrong with bytes that are no frames.
      if ((await noiseOf(probe)) > 0) return undefined;
      return new RunEnded('no-device', `no device answers: ${error.message}; check its cable and its power`);
    }
  }
}

function noiseOf(probe: Probe): Promise<number> {
  return probe.line().then(
    ({ noise }) => noise,
    () => 0,
  );
}

/** The last steps: a CANCEL, whatever happened before. What fails here changes nothing. */
async function finish(probe: Probe): Promise<void> {
  probe.clock.finish();
  try {
    if (probe.count.identity) {
      probe.beginCase();
      await probe.rest(true);
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    probe.notes.add(`the CANCEL at the end of the run was not answered: ${text}`);
  }
  await probe.close();
}

function subjectOf(probe: Probe, { transport }: Setting): ConformanceReport['subject'] {
  const { identity } = probe.count;
  if (!identity) return { transport: transport.name };
  const { model, firmware, serialNumber, simulated = false } = identity;
  return { transport: transport.name, serialNumber, model, firmware, simulated };
}

function settingOf(options: DeviceRunOptions): Setting {
  checkOptions('judgeDevice()', options, RULES_OF_OPTIONS);
  if (!options?.transport) throw new TypeError('judgeDevice(): the option "transport" is missing');
  const { transport, second, device, hook, signal } = options;
  return {
    transport,
    second,
    device,
    declaration: readDeclaration(options.declaration ?? {}),
    hook,
    exhaustive: options.exhaustive ?? false,
    clock: options.clock ?? systemClock,
    random: options.random ?? (() => crypto.getRandomValues(new Uint32Array(1))[0]!),
    signal,
  };
}
