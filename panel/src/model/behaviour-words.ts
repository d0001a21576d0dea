import type { BehaviourView, ParameterValues } from '@bluetap/emulator/commands';
import { describeReason } from '@bluetap/protocol/tools';

type Words = (parameters: ParameterValues) => string;

/** The effect of a behaviour in a few words, by the name of its function. */
const WORDS: Readonly<Record<string, Words>> = {
  silent: () => 'Say nothing',
  ignoreRequests: () => 'Lose the request',
  loseReplies: () => 'Lose the reply',
  delayReplies: ({ ms }) => (ms === undefined ? 'Answer late' : `Answer ${ms} ms late`),
  duplicateReplies: () => 'Answer twice',
  wrongSession: () => 'Answer with a wrong session',
  wrongSequence: () => 'Answer with a wrong sequence',
  wrongType: () => 'Answer with a wrong type',
  corruptReplies: () => 'Flip a bit',
  noiseBeforeReplies: () => 'Send noise before the reply',
  stutter: () => 'Send byte by byte',
  refuse: ({ reason }) => (reason === undefined ? 'Refuse' : `Refuse: ${describeReason(reason as number)}`),
  cutAfter: ({ bytes }) => (bytes === undefined ? 'Cut the cable in a reply' : `Cut the cable after ${bytes} bytes`),
  restartBeforeExecuting: () => 'Restart before executing',
  restartAfterExecuting: () => 'Restart after executing',
  unplugAfterExecuting: ({ power }) =>
    power === 'lost' ? 'Unplug cable and power after executing' : 'Unplug after executing',
};

/** What a behaviour does, in a few words. @param parameters The parameters that are known. */
export function behaviourText(name: string, parameters: ParameterValues = {}): string {
  return WORDS[name]?.(parameters) ?? name;
}

/** Returns the messages on which a behaviour acts, and how often it will still act: `PAY, once`, `any, always`. */
export function behaviourScope({ parameters, left }: BehaviourView): string {
  const type = parameters?.['type'] ?? 'any';
  if (left === undefined) return `${type}, always`;
  return `${type}, ${left === 1 ? 'once' : `${left} times`}`;
}

/** Behaviours that a person adds with one click. */
export const PRESETS: readonly {
  readonly verb: string;
  readonly name: string;
  readonly parameters: ParameterValues;
}[] = [
  { verb: 'lose-replies', name: 'loseReplies', parameters: { type: 'PAY' } },
  { verb: 'delay-replies', name: 'delayReplies', parameters: { ms: 1500, times: 1 } },
  { verb: 'refuse', name: 'refuse', parameters: { reason: 6, times: 1, type: 'PAY' } },
  { verb: 'corrupt-replies', name: 'corruptReplies', parameters: { times: 1 } },
  { verb: 'unplug-after-executing', name: 'unplugAfterExecuting', parameters: {} },
  { verb: 'restart-before-executing', name: 'restartBeforeExecuting', parameters: {} },
];
