import type { WireLine } from '../../report/report.js';
import type { Breach } from '../contract/breach.js';
import type { ToldFacts } from '../contract/facts.js';
import { areAllowed, COMMAND_FACTS, factsText } from '../contract/facts.js';
import { StagedDevice } from '../device/staged-device.js';
import type { ProcessEnd } from '../process/host-process.js';
import { LineHost } from '../process/line-host.js';
import { oneCall } from '../process/one-call.js';
import type { CallSituation, ExpectedFacts, Situation, TalkSituation } from '../situations/situation.js';
import { Conversation } from '../wire/conversation.js';
import { judgeTruth } from './truth.js';
import { linesOf } from './wire-lines.js';

/** A run keeps at most this many different breaches, and as many nonces. */
const MOST_KEPT = 100;

/** What a run of the host needs. */
export interface RunOptions {
  readonly command: readonly string[];
  /** True if the host reads its calls from its stdin. */
  readonly lines: boolean;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** What one situation has shown. It keeps what a report needs, and not the whole log. */
export interface SituationRun {
  readonly situation: Situation;
  /** The frames of the host in words. */
  readonly sent: string;
  /** The nonces of its HELLOs. */
  readonly nonces: readonly number[];
  readonly end: ProcessEnd;
  /** What was wrong in the situation itself, and with a host that floods the device, as sentences. */
  readonly trouble: readonly string[];
  /** True if the host printed a result. */
  readonly hasFacts: boolean;
  /** What the result says, for a person. */
  readonly factsText: string;
  /** What the host did that no situation allows. */
  readonly general: readonly Breach[];
  /** The same, and what it did that is wrong in this situation. */
  readonly breaches: readonly Breach[];
  readonly bytes: readonly WireLine[];
  /** The longest time that the device was late because of this machine, in milliseconds. */
  readonly lateMs: number;
}

/** Runs the host in one situation with its own emulated device, and judges it. Never rejects for what a host does. */
export async function runSituation(situation: Situation, options: RunOptions): Promise<SituationRun> {
  const device = await StagedDevice.start();
  try {
    return 'talk' in situation ? await runTalk(situation, device, options) : await runCall(situation, device, options);
  } finally {
    await device.close();
  }
}

async function runCall(situation: CallSituation, device: StagedDevice, options: RunOptions): Promise<SituationRun> {
  situation.stage(device);
  device.called(situation.call);
  const { facts, ...end } = await callHost(situation, device, options);
  const judged = facts && situation.facts ? judgeFacts(facts, situation.facts) : [];
  const truth = situation.lies ? [] : judgeTruth(situation.call, facts, device);
  return shown({ situation, device, end, facts, judged, truth });
}

async function callHost(
  { call }: CallSituation,
  device: StagedDevice,
  { lines, ...options }: RunOptions,
): Promise<ProcessEnd & { readonly facts: ToldFacts | undefined }> {
  const start = { ...options, transport: device.address };
  if (!lines) return oneCall(start, call);
  const host = new LineHost(start);
  const facts = await host.ask(call);
  return { ...(await host.end()), facts };
}

async function runTalk(
  situation: TalkSituation,
  device: StagedDevice,
  { lines: _, ...options }: RunOptions,
): Promise<SituationRun> {
  const host = new LineHost({ ...options, transport: device.address });
  let facts: ToldFacts | undefined;
  const ask: LineHost['ask'] = async (call) => {
    device.called(call);
    const answer = await host.ask(call);
    facts = answer ?? facts;
    return answer;
  };
  let judged: readonly Breach[] = [];
  try {
    judged = await situation.talk({ ask }, device);
  } catch (error) {
    device.mistakes.push(String(error));
  }
  return shown({ situation, device, end: await host.end(), facts, judged, truth: [] });
}

/** The parts of a run that has ended. */
interface Ended {
  readonly situation: Situation;
  readonly device: StagedDevice;
  readonly end: ProcessEnd;
  /** The latest result. */
  readonly facts: ToldFacts | undefined;
  readonly judged: readonly Breach[];
  readonly truth: readonly Breach[];
}

function shown({ situation, device, end, facts, judged, truth }: Ended): SituationRun {
  const conversation = new Conversation(device.log);
  const own = [...(situation.wire?.(conversation) ?? []), ...judged];
  const general = different([...conversation.breaches, ...truth]);
  const trouble = device.mistakes.map((mistake) => `The situation itself failed: ${mistake}.`);
  if (device.flooded) trouble.push('The host sent so many bytes that the device was unplugged.');
  return {
    situation,
    sent: conversation.text,
    nonces: conversation
      .requests('HELLO')
      .slice(0, MOST_KEPT)
      .flatMap(({ message }) => (message?.type === 'HELLO' ? [message.nonce] : [])),
    end,
    trouble,
    hasFacts: facts !== undefined,
    factsText: shownFacts(facts),
    general,
    breaches: different([...general, ...(situation.tight ? own.map(restingOnTime) : own)]),
    bytes: linesOf(device.log),
    lateMs: device.lateMs,
  };
}

function restingOnTime(breach: Breach): Breach {
  return { ...breach, timing: true };
}

/** The breaches that differ. A host can make the same mistake thousands of times. */
function different(breaches: readonly Breach[]): readonly Breach[] {
  const byText = new Map(breaches.map((breach) => [`${breach.rule} ${breach.text}`, breach]));
  return [...byText.values()].slice(0, MOST_KEPT);
}

/** Compares a result with the results that are right. */
export function judgeFacts(facts: ToldFacts, { rule, linkRule = rule, anyOf }: ExpectedFacts): Breach[] {
  if (areAllowed(facts, anyOf)) return [];
  const onlyLink = areAllowed(
    facts,
    anyOf.map(({ linkLive: _, ...others }) => others),
  );
  const due = anyOf.map(factsText).join('; or ');
  return [
    {
      rule: onlyLink ? linkRule : rule,
      text: `said ${shownFacts(facts, Object.keys(anyOf[0] ?? {}))}, and right is: ${due}`,
    },
  ];
}

function shownFacts(facts: ToldFacts | undefined, more: readonly string[] = []): string {
  if (!facts) return 'no result';
  const names = new Set([...COMMAND_FACTS, 'state', 'taps', ...more]);
  return factsText(Object.fromEntries([...names].map((name) => [name, facts[name]])));
}
