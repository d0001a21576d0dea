import { type Behaviour, noiseBeforeReplies, stutter } from '@bluetap/emulator';
import type { RuleId } from '../../rules/rules.js';
import { editPayload, onReply } from '../device/edits.js';
import { all, copiesAre, hellosAre } from '../wire/conversation.js';
import { pay, wasExecuted } from './calls.js';
import type { CallSituation } from './situation.js';
import { bytesInsteadOfFirst } from './staging.js';

const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const filled = (length: number, value: number) => new Uint8Array(length).fill(value);

/** The payload with a field behind it. Its tag is higher than every tag of a reply. */
const withField = (tag: number) => (payload: Uint8Array) => joined(payload, bytes(tag, 2, 1, 2));

/** The payload of a PAY reply is result, state and remaining. */
const withoutRemaining = (payload: Uint8Array) => payload.slice(0, 6);
const withReason = (payload: Uint8Array) => joined(bytes(0x10, 1, 1, 0x11, 1, 3), payload.slice(3));
const withState = (state: number) => (payload: Uint8Array) =>
  joined(payload.slice(0, 5), bytes(state), payload.slice(6));

/** The payload of a HELLO reply with taps of 0 written out, and with flags that this version does not know. */
function withDefaults(payload: Uint8Array): Uint8Array {
  const afterState = 6;
  const taps = bytes(0x14, 1, 0);
  const rest = payload.slice(afterState);
  const flags = rest.findIndex((tag, at) => tag === 0x25 && rest[at + 1] === 1 && rest[at + 2] === 1);
  if (flags >= 0) rest[flags + 2] = 0xf9;
  return joined(payload.slice(0, afterState), taps, rest);
}

/** The reply with another remaining and the old CRC, so that nothing but the CRC shows the damage. */
function withFlippedBit(reply: Uint8Array): Uint8Array {
  const at = reply.findIndex((tag, index) => tag === 0x13 && reply[index + 1] === 4) + 2;
  return reply.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

/** Bytes that are no frame, and replies that cannot be read. */
export const UNREADABLE: readonly CallSituation[] = [
  ...read('noise before each reply', ['R-5'], () => noiseBeforeReplies()),
  ...read('frames that are too short or cannot be decoded before each reply', ['R-5'], () =>
    noiseBeforeReplies(bytes(0, 2, 1, 0, 0, 0xff, 1, 0, 0, 4, 1, 2, 3, 0)),
  ),
  ...read('140 bytes without a delimiter before each reply', ['R-3'], () => noiseBeforeReplies(filled(140, 0x55))),
  ...read('20 bytes of padding before each reply', ['R-2'], () => noiseBeforeReplies(filled(20, 0))),
  ...read('each reply one byte at a time', ['R-2'], () => stutter()),
  ...read('the first reply without the delimiter before it', ['R-2'], () =>
    bytesInsteadOfFirst('HELLO', (reply) => reply.slice(1)),
  ),
  ...read('an unknown field in the reply', ['R-6'], () => editPayload('PAY', 1, withField(0x7e))),
  ...read('defaults written out, and unknown flags', ['R-7'], () => editPayload('HELLO', 1, withDefaults)),
  ...ignored('one flipped bit', ['R-5', 'R-74'], () => bytesInsteadOfFirst('PAY', withFlippedBit)),
  ...ignored('an unknown critical field', ['R-6', 'R-74'], () => editPayload('PAY', 1, withField(0x90))),
  ...ignored('a success without remaining', ['R-74'], () => editPayload('PAY', 1, withoutRemaining)),
  ...ignored('a refusal with remaining', ['R-74'], () => editPayload('PAY', 1, withReason)),
  ...ignored('a state that does not exist', ['R-74'], () => editPayload('PAY', 1, withState(9))),
  {
    name: 'half a reply, a silence, and a whole reply',
    wireRules: ['R-4'],
    factRules: [],
    did: 'Sent the first half of a reply, and after a silence of more than 1000 ms a whole reply without the delimiter before it.',
    expected: 'Two copies of the PAY, and the result executed: the half was forgotten.',
    call: pay(),
    stage: ({ emulator }) =>
      void emulator.use(
        onReply('PAY', (reply, number, next, context) => {
          if (number === 1) next(reply.slice(0, 12));
          else if (number > 2) next(reply);
          else context.after(300, () => next(reply.slice(1)));
        }),
      ),
    wire: copiesAre('R-4', 'PAY', 2),
    facts: { rule: 'R-4', anyOf: [wasExecuted('yes')] },
  },
];

/** The host reads the reply in spite of this. */
function read(what: string, rules: readonly RuleId[], behaviour: () => Behaviour): CallSituation[] {
  const [rule] = rules as readonly [RuleId];
  return [
    {
      name: what,
      wireRules: rules,
      factRules: [],
      did: `Sent ${what}.`,
      expected: 'One HELLO, one PAY, and the result executed.',
      call: pay(),
      stage: ({ emulator }) => void emulator.use(behaviour()),
      wire: all(hellosAre(rule, 1, 1), copiesAre(rule, 'PAY', 1)),
      facts: { rule, anyOf: [wasExecuted('yes')] },
    },
  ];
}

/** The host does not read the first reply, and waits on. */
function ignored(what: string, rules: readonly RuleId[], behaviour: () => Behaviour): CallSituation[] {
  const [rule] = rules as readonly [RuleId];
  return [
    {
      name: `PAY: the first reply has ${what}`,
      wireRules: rules,
      factRules: [],
      did: `Executed the PAY, and sent ${what} in the first reply.`,
      expected: 'The same bytes again after 1000 ms, and the result executed.',
      call: pay(),
      stage: ({ emulator }) => void emulator.use(behaviour()),
      wire: copiesAre(rule, 'PAY', 2),
      facts: { rule, anyOf: [wasExecuted('yes')] },
    },
  ];
}
