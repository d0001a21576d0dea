import {
  corruptReplies,
  cutAfter,
  delayReplies,
  duplicateReplies,
  ignoreRequests,
  loseReplies,
  noiseBeforeReplies,
  refuse,
  restartAfterExecuting,
  restartBeforeExecuting,
  silent,
  stutter,
  unplugAfterExecuting,
  wrongSequence,
  wrongSession,
  wrongType,
} from '../behaviours/behaviours.js';
import type { Behaviour } from '../contract/emulated-device.js';
import type { Parameter, ParameterValues } from './parameters.js';

/** A behaviour that a command can put on a device. */
export interface BehaviourRow {
  /** The verb of the command that adds it: the name of the function in words. */
  readonly verb: string;
  /** The name of the function that makes it. */
  readonly name: string;
  /** What it does, for people: one sentence. */
  readonly summary: string;
  /** The parameters of the function. Those that are not in `positional` are properties of its last argument. */
  readonly parameters: readonly Parameter[];
  /** The names of the arguments before the last, in order. */
  readonly positional: readonly string[];
  /** Makes the behaviour. */
  readonly create: (values: ParameterValues) => Behaviour;
}

type Make = (...args: never[]) => Behaviour;

const MOST = 1_000_000;
const LONGEST_MS = 2147483647;
export const POWERS = ['kept', 'lost'];
const REQUESTS = ['HELLO', 'PAY', 'CANCEL', 'STATUS'];

const TIMES: Parameter = {
  name: 'times',
  type: 'integer',
  minimum: 1,
  maximum: MOST,
  description: 'How many messages it changes; after that it does nothing.',
};
const ALWAYS: Parameter = { ...TIMES, description: `${TIMES.description} Without it, it changes all.` };
const ONCE: Parameter = { ...TIMES, default: 1 };

const TYPE: Parameter = {
  name: 'type',
  type: 'string',
  choices: REQUESTS,
  description: 'Only this request, or only the reply to it. Without it, all of them.',
};
const OF_SENT: Parameter = {
  ...TYPE,
  choices: [...REQUESTS, 'LINK'],
  description: 'Only the reply to this request, or the LINK. Without it, all replies but no LINK.',
};
const OF_PAY: Parameter = { ...TYPE, default: 'PAY', description: 'The request on which it acts.' };

const MS = { type: 'integer', minimum: 0, maximum: LONGEST_MS } as const;

/** @param name The name of the function as text: a bundler can rename the function itself. */
function row(
  name: string,
  make: Make,
  summary: string,
  parameters: readonly Parameter[] = [],
  positional: readonly string[] = [],
): BehaviourRow {
  return {
    verb: name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    name,
    summary,
    parameters,
    positional,
    create: (values) => {
      const rest = Object.entries(values).filter(([key]) => !positional.includes(key));
      const args = positional.map((key) => (key === 'noise' ? bytesOf(values[key] as string) : values[key]));
      return make(...([...args, Object.fromEntries(rest)] as never[]));
    },
  };
}

/** The ready-made behaviours. */
// biome-ignore format: a table
export const BEHAVIOURS: readonly BehaviourRow[] = [
  row('silent', silent, 'The device sends nothing, and requests do not reach it.'),
  row('ignoreRequests', ignoreRequests, 'Requests are lost before they reach the device. It does not execute them.', [ONCE, TYPE], ['times']),
  row('loseReplies', loseReplies, 'Replies are lost before they reach the host. The device has executed the requests.', [ONCE, OF_SENT], ['times']),
  row('delayReplies', delayReplies, 'Replies come late. The device executes the request immediately.', [{ name: 'ms', ...MS, required: true, description: 'Milliseconds.' }, ALWAYS, OF_SENT], ['ms']),
  row('duplicateReplies', duplicateReplies, 'Each reply is sent twice.', [ALWAYS, OF_SENT]),
  row('wrongSession', wrongSession, 'Replies have a wrong session: the correct number plus 1.', [ALWAYS, OF_SENT]),
  row('wrongSequence', wrongSequence, 'Replies have a wrong sequence: the correct number plus 1.', [ALWAYS, OF_SENT]),
  row('wrongType', wrongType, 'Replies have a wrong type.', [ALWAYS, OF_SENT]),
  row('corruptReplies', corruptReplies, 'One bit in the middle of a reply is flipped.', [ALWAYS, OF_SENT]),
  row('noiseBeforeReplies', noiseBeforeReplies, 'Meaningless bytes come before a reply.', [{ name: 'noise', type: 'hex', default: 'ff55000701', description: 'The bytes.' }, ALWAYS, OF_SENT], ['noise']),
  row('stutter', stutter, 'Replies come one byte at a time.', [{ name: 'gapMs', ...MS, default: 0, description: 'Milliseconds between two bytes.' }, ALWAYS, OF_SENT]),
  row('refuse', refuse, 'Requests are refused before they reach the device.', [{ name: 'reason', type: 'integer', minimum: 0, maximum: 255, required: true, description: 'The number of the reason, docs/protocol.md section 3.' }, ALWAYS, TYPE], ['reason']),
  row('cutAfter', cutAfter, 'The cable is unplugged after the first bytes of a reply.', [{ name: 'bytes', type: 'integer', minimum: 0, maximum: 130, required: true, description: 'How many bytes of the reply are sent.' }, ONCE, OF_SENT], ['bytes']),
  row('restartBeforeExecuting', restartBeforeExecuting, 'The device restarts instead of executing a request.', [ONCE, OF_PAY]),
  row('restartAfterExecuting', restartAfterExecuting, 'The device restarts after it has executed a request, instead of sending the reply.', [ONCE, OF_PAY]),
  row('unplugAfterExecuting', unplugAfterExecuting, 'The cable is unplugged after the device has executed a request, instead of the reply.', [{ name: 'power', type: 'string', choices: POWERS, default: 'kept', description: 'Whether the device keeps its power.' }, ONCE, OF_PAY]),
];

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
