import type { Facts } from '../contract/facts.js';
import { areAllowed, COMMAND_FACTS, factsText } from '../contract/facts.js';
import type { Finding } from '../contract/finding.js';
import { StagedDevice } from '../device/staged-device.js';
import type { ProcessEnd } from '../process/host-process.js';
import { LineHost } from '../process/line-host.js';
import { oneCall } from '../process/one-call.js';
import type { CallSituation, ExpectedFacts, Situation, TalkSituation } from '../situations/situation.js';
import { Conversation } from '../wire/conversation.js';
import { judgeTruth } from './truth.js';

/** What a run of the host needs. */
export interface RunOptions {
  readonly command: readonly string[];
  /** True if the host reads its calls from its stdin. */
  readonly lines: boolean;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** What one situation has shown. */
export interface SituationRun {
  readonly situation: Situation;
  readonly conversation: Conversation;
  readonly device: StagedDevice;
  readonly end: ProcessEnd;
  /** True if the host printed a result. */
  readonly hasFacts: boolean;
  /** What the result says, for a person. */
  readonly factsText: string;
  /** What the host did that no situation allows. */
  readonly general: readonly Finding[];
  /** The same, and what it did that is wrong in this situation. */
  readonly findings: readonly Finding[];
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
  const conversation = new Conversation(device.log);
  const judged = facts && situation.facts ? judgeFacts(facts, situation.facts) : [];
  const truth = situation.lies ? [] : judgeTruth(situation.call, facts, device);
  const wire = situation.wire?.(conversation) ?? [];
  const general = [...conversation.findings, ...truth];
  const findings = [...general, ...wire, ...judged];
  return {
    situation,
    conversation,
    device,
    end,
    hasFacts: facts !== undefined,
    factsText: shownFacts(facts),
    general,
    findings,
  };
}

async function callHost(
  { call }: CallSituation,
  device: StagedDevice,
  { lines, ...options }: RunOptions,
): Promise<ProcessEnd & { readonly facts: Facts | undefined }> {
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
  const answers: (Facts | undefined)[] = [];
  const ask: LineHost['ask'] = async (call) => {
    device.called(call);
    const facts = await host.ask(call);
    answers.push(facts);
    return facts;
  };
  const judged = await situation.talk({ ask }, device);
  const end = await host.end();
  const conversation = new Conversation(device.log);
  const wire = situation.wire?.(conversation) ?? [];
  const general = conversation.findings;
  const findings = [...general, ...wire, ...judged];
  const hasFacts = answers.some((facts) => facts !== undefined);
  return { situation, conversation, device, end, hasFacts, factsText: shownFacts(answers.at(-1)), general, findings };
}

/** Compares a result with the results that are right. */
export function judgeFacts(facts: Facts, { rule, linkRule = rule, anyOf }: ExpectedFacts): Finding[] {
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

function shownFacts(facts: Facts | undefined, more: readonly string[] = []): string {
  if (!facts) return 'no result';
  const names = new Set([...COMMAND_FACTS, 'state', 'taps', ...more]);
  return factsText(Object.fromEntries([...names].map((name) => [name, facts[name]])));
}
