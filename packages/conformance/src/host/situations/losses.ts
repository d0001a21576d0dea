import type { RequestType } from '@bluetap/emulator';
import { all, copiesAre, hellosAre } from '../wire/conversation.js';
import { cancelOrder, isUnknown, pay, status, wasExecuted, wasNotSent } from './calls.js';
import type { CallSituation } from './situation.js';
import { loseRepliesFrom, loseRepliesTo, loseRequestsOf, showPaymentLink } from './staging.js';

/** Requests and replies that are lost, fewer than would leave a doubt. */
export const LOSSES: readonly CallSituation[] = [
  lost('request', 'PAY', 1),
  lost('request', 'PAY', 2),
  lost('reply', 'PAY', 1),
  lost('reply', 'PAY', 2),
  lost('request', 'CANCEL', 1),
  lost('reply', 'CANCEL', 1),
  {
    name: 'PAY: the reply is lost, and the repeat finds the payment link over',
    wireRules: ['R-75'],
    factRules: ['R-82', 'R-84'],
    did: 'Executed the PAY, lost the reply, and let the payment link expire before the second copy.',
    expected: 'Two copies, and the result executed with linkLive no.',
    call: pay(),
    stage: ({ emulator }) => void emulator.use(loseRepliesTo('PAY', 1, () => emulator.expire())),
    wire: copiesAre('R-75', 'PAY', 2),
    facts: { rule: 'R-84', linkRule: 'R-82', anyOf: [{ ...wasExecuted('no'), state: 'expired', remaining: 0 }] },
  },
  {
    name: 'STATUS: one reply is lost',
    wireRules: ['R-75'],
    factRules: ['R-84'],
    did: 'Lost the first reply to STATUS.',
    expected: 'The same bytes again after 1000 ms, and the state of the device.',
    call: status,
    stage: ({ emulator }) => void emulator.use(loseRepliesTo('STATUS', 1)),
    wire: copiesAre('R-75', 'STATUS', 2),
    facts: { rule: 'R-84', anyOf: [{ code: 'SUCCESS', state: 'idle' }] },
  },
  {
    name: 'HELLO: one request is lost',
    wireRules: ['R-70', 'R-71'],
    factRules: ['R-84'],
    did: 'Lost the first HELLO.',
    expected: 'Another HELLO with another nonce after 1000 ms, and the result executed.',
    call: pay(),
    stage: ({ emulator }) => void emulator.use(loseRequestsOf('HELLO', 1)),
    wire: all(hellosAre('R-70', 2, 2), copiesAre('R-70', 'PAY', 1)),
    facts: { rule: 'R-84', anyOf: [wasExecuted('yes')] },
  },
  {
    name: 'HELLO: two replies are lost',
    wireRules: ['R-70', 'R-71'],
    factRules: ['R-84'],
    did: 'Lost the first two replies to HELLO.',
    expected: 'Three HELLOs, each with its own nonce, and the result executed.',
    call: pay(),
    stage: ({ emulator }) => void emulator.use(loseRepliesTo('HELLO', 2)),
    wire: all(hellosAre('R-70', 3, 3), copiesAre('R-70', 'PAY', 1)),
    facts: { rule: 'R-84', anyOf: [wasExecuted('yes')] },
  },
  {
    name: 'no reply to PAY until the time is up',
    wireRules: ['R-75', 'R-80'],
    factRules: ['R-84'],
    did: 'Executed the PAY, answered nothing from then on, and gave the host 2500 ms.',
    expected: 'Only copies of the PAY, and the outcome unknown.',
    call: pay({ timeoutMs: 2500 }),
    stage: ({ emulator }) => void emulator.use(loseRepliesFrom('PAY')),
    facts: { rule: 'R-84', anyOf: [{ ...isUnknown('unknown'), pending: true }] },
  },
  {
    name: 'a device that never answers',
    wireRules: ['R-70', 'R-71'],
    factRules: ['R-84'],
    did: 'Let the device take every byte and answer nothing, and gave the host 2500 ms.',
    expected: 'Only HELLOs, 1000 ms apart, each with its own nonce, and the outcome not sent.',
    call: pay({ timeoutMs: 2500 }),
    stage: ({ emulator }) => void emulator.use(loseRequestsOf('HELLO', Number.POSITIVE_INFINITY)),
    wire: (conversation) =>
      conversation.requests('PAY').length > 0 ? [{ rule: 'R-70', text: 'sent PAY without a session' }] : [],
    facts: { rule: 'R-84', anyOf: [wasNotSent('no')] },
  },
  {
    name: 'a device that answers nothing after HELLO',
    wireRules: ['R-75', 'R-80'],
    factRules: ['R-84'],
    did: 'Answered the first HELLO and nothing after it.',
    expected: 'Three copies of the PAY, then only HELLO, and the outcome unknown.',
    call: pay(),
    stage: ({ emulator }) => {
      let greeted = false;
      emulator.use({
        name: 'situation: silent after HELLO',
        onFrame: (frame, next) => {
          if (greeted) return;
          greeted = true;
          next(frame);
        },
      });
    },
    wire: all(copiesAre('R-75', 'PAY', 3), hellosAre('R-80', 2, 9)),
    facts: { rule: 'R-84', anyOf: [{ ...isUnknown('unknown'), pending: true }] },
  },
];

function lost(what: 'request' | 'reply', type: RequestType & ('PAY' | 'CANCEL'), count: 1 | 2): CallSituation {
  const lose = what === 'request' ? loseRequestsOf : loseRepliesTo;
  const times = count === 1 ? `the first ${what}` : `the first two ${what === 'reply' ? 'replies' : 'requests'}`;
  return {
    name: `${type}: ${count === 1 ? `one ${what} is` : `two ${what === 'reply' ? 'replies' : 'requests'} are`} lost`,
    wireRules: ['R-75'],
    factRules: ['R-84'],
    did: `Lost ${times} of ${type}.`,
    expected: `${count + 1} copies with the same bytes, 1000 ms apart, and the result executed.`,
    call: type === 'PAY' ? pay() : cancelOrder(),
    stage: (device) => {
      if (type === 'CANCEL') showPaymentLink(device);
      device.emulator.use(lose(type, count));
    },
    wire: copiesAre('R-75', type, count + 1),
    facts: { rule: 'R-84', anyOf: [wasExecuted(type === 'PAY' ? 'yes' : 'no')] },
  };
}
