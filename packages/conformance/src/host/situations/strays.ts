import { duplicateReplies } from '@bluetap/emulator';
import { encodeMessage, type Message } from '@bluetap/protocol';
import { messageIn, onReply } from '../device/edits.js';
import { all, copiesAre, hellosAre } from '../wire/conversation.js';
import { pay, wasExecuted } from './calls.js';
import type { CallSituation } from './situation.js';
import { insteadOfFirst } from './staging.js';

/** A false refusal, as it would come for another request. */
const REFUSAL = { type: 'PAY_REPLY', result: 'PARAM_ILLEGAL', reason: 3, state: 'idle' } as const;

/** Messages that answer nothing, and answers that come late or twice. */
export const STRAYS: readonly CallSituation[] = [
  stray('of another session', ({ session, sequence }) => ({ ...REFUSAL, session: (session + 1) & 0xffff, sequence })),
  stray('of another sequence', ({ session, sequence }) => ({ ...REFUSAL, session, sequence: sequence + 1 })),
  stray('of another type', ({ session, sequence }) => ({ ...REFUSAL, type: 'CANCEL_REPLY', session, sequence })),
  {
    name: 'PAY: the reply is late',
    wireRules: ['R-75'],
    factRules: ['R-84'],
    did: 'Sent the reply to the first copy 300 ms after the second copy, and lost the reply to the second.',
    expected: 'Two copies, and the result executed: the late reply still answers the PAY.',
    tight: true,
    call: pay(),
    stage: ({ emulator }) => {
      let late: Uint8Array | undefined;
      emulator.use(
        onReply('PAY', (bytes, number, next, context) => {
          if (number === 1) late = bytes;
          else if (number === 2) context.after(300, () => next(late!));
          else next(bytes);
        }),
      );
    },
    wire: copiesAre('R-75', 'PAY', 2),
    facts: { rule: 'R-84', anyOf: [wasExecuted('yes')] },
  },
  {
    name: 'HELLO: the reply to the first one is late',
    wireRules: ['R-70', 'R-73'],
    factRules: ['R-84'],
    did: 'Sent the reply to the first HELLO 300 ms after the second HELLO, and the reply to the second 300 ms later.',
    expected: 'A PAY in the session of the second HELLO, and the result executed.',
    tight: true,
    call: pay(),
    stage: ({ emulator }) => {
      let late: Uint8Array | undefined;
      emulator.use(
        onReply('HELLO', (bytes, number, next, context) => {
          if (number === 1) late = bytes;
          else if (number > 2) next(bytes);
          else {
            context.after(300, () => {
              next(late!);
              context.after(300, () => next(bytes));
            });
          }
        }),
      );
    },
    wire: all(hellosAre('R-70', 2, 2), copiesAre('R-73', 'PAY', 1)),
    facts: { rule: 'R-84', anyOf: [wasExecuted('yes')] },
  },
  {
    name: 'every reply comes twice',
    wireRules: ['R-73'],
    factRules: ['R-84'],
    did: 'Sent each reply twice.',
    expected: 'One HELLO, one PAY, and the result executed.',
    call: pay(),
    stage: ({ emulator }) => void emulator.use(duplicateReplies()),
    wire: all(hellosAre('R-73', 1, 1), copiesAre('R-73', 'PAY', 1)),
    facts: { rule: 'R-84', anyOf: [wasExecuted('yes')] },
  },
  {
    name: 'a line that echoes',
    wireRules: ['R-73'],
    factRules: ['R-84'],
    did: 'Sent each byte of the host back to it, before the device answered.',
    expected: 'One HELLO, one PAY, and the result executed.',
    call: pay(),
    stage: (device) => {
      device.echoes = true;
    },
    wire: all(hellosAre('R-73', 1, 1), copiesAre('R-73', 'PAY', 1)),
    facts: { rule: 'R-84', anyOf: [wasExecuted('yes')] },
  },
  {
    name: 'a LINK of another session before the reply',
    wireRules: ['R-73'],
    factRules: ['R-73'],
    did: 'Sent a LINK of another session, which says that a payment link has expired, after the reply to PAY.',
    expected: 'The result executed with a live payment link.',
    call: pay(),
    stage: ({ emulator }) =>
      void emulator.use(
        onReply('PAY', (bytes, _, next) => {
          const reply = messageIn(bytes);
          const session = reply ? (reply.session + 1) & 0xffff : 0;
          const link = encodeMessage({ type: 'LINK', session, sequence: 1, state: 'expired' });
          // In one piece, so that the host has both when it reports.
          next(Uint8Array.from([...link, ...bytes, ...link]));
        }),
      ),
    wire: copiesAre('R-73', 'PAY', 1),
    facts: { rule: 'R-73', anyOf: [wasExecuted('yes')] },
  },
];

function stray(what: string, change: (reply: Message) => object): CallSituation {
  return {
    name: `PAY: a reply ${what}`,
    wireRules: ['R-73'],
    factRules: ['R-73'],
    did: `Executed the PAY, and sent a refusal ${what} in the place of the first reply.`,
    expected: 'The same bytes again after 1000 ms, and the result executed.',
    call: pay(),
    stage: ({ emulator }) =>
      void emulator.use(insteadOfFirst('PAY', (message) => [change(message) as unknown as Message])),
    wire: copiesAre('R-73', 'PAY', 2),
    facts: { rule: 'R-73', anyOf: [wasExecuted('yes')] },
  };
}
