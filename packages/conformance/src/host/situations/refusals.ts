import { refuse } from '@bluetap/emulator';
import { encodeMessage, type Message, Reason } from '@bluetap/protocol';
import { resultOf } from '@bluetap/protocol/tools';
import { messageIn, onReply } from '../device/edits.js';
import { all, copiesAre, hellosAre } from '../wire/conversation.js';
import { cancelAny, cancelOrder, pay, wasExecuted, wasNotExecuted, wasNotSent, wasRefused } from './calls.js';
import type { CallSituation } from './situation.js';
import { showPaymentLink } from './staging.js';

const FINAL: readonly number[] = [
  Reason.UNKNOWN_PAYMENT_METHOD,
  Reason.BAD_VALUE,
  Reason.NFC_FAULT,
  Reason.UNKNOWN_CRITICAL_TAG,
  Reason.UNKNOWN_TYPE,
  Reason.INTERNAL_ERROR,
];

/** Every row of the table of refusals, docs/protocol.md section 4. */
export const REFUSALS: readonly CallSituation[] = [
  ...FINAL.map(finalRefusal),
  ...['PARAM_ILLEGAL', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'].map((result, at) => unknownReason(result, 200 + at)),
  {
    name: 'PAY: the second copy is refused with reason 3',
    wireRules: ['R-75', 'R-78'],
    factRules: ['R-78'],
    did: 'Refused the PAY with reason 3, and lost the first of the two refusals.',
    expected: 'Two copies and no HELLO after them, and the outcome refused: a repeat gets the same answer.',
    call: pay(),
    stage: ({ emulator }) =>
      void emulator.use(
        onReply('PAY', (bytes, number, next) => {
          const reply = messageIn(bytes);
          if (number > 1 && reply) next(encodeMessage(refusalOf(reply, 'PARAM_ILLEGAL', Reason.BAD_VALUE)));
        }),
      ),
    lies: true,
    wire: all(copiesAre('R-75', 'PAY', 2), hellosAre('R-78', 1, 1)),
    facts: { rule: 'R-78', anyOf: [wasRefused('no', 'PARAM_ILLEGAL')] },
  },
  {
    name: 'PAY: the only copy is refused with reason 4',
    wireRules: ['R-78', 'R-79'],
    factRules: ['R-78'],
    did: 'Let another host open a session before the PAY came.',
    expected: 'One new session at most, and the result executed, or refused.',
    call: pay(),
    stage: (device) =>
      void device.emulator.use(
        onReply('HELLO', (bytes, number, next) => {
          next(bytes);
          if (number === 1) device.otherHost().hello();
        }),
      ),
    wire: hellosAre('R-79', 1, 2),
    facts: { rule: 'R-78', anyOf: [wasExecuted('yes'), wasRefused('no'), wasNotExecuted('no')] },
  },
  {
    name: 'PAY: every copy is refused with reason 4',
    wireRules: ['R-78', 'R-79'],
    factRules: ['R-78'],
    did: 'Refused each PAY with reason 4.',
    expected: 'One new session at most, and the outcome refused.',
    call: pay(),
    stage: ({ emulator }) => void emulator.use(refuse(Reason.NO_SUCH_SESSION, { type: 'PAY' })),
    wire: hellosAre('R-79', 1, 2),
    facts: { rule: 'R-78', anyOf: [wasRefused('no'), wasNotExecuted('no')] },
  },
  {
    name: 'PAY: the only copy is refused with reason 10',
    wireRules: ['R-78'],
    factRules: ['R-78'],
    did: 'Refused the PAY with reason 10.',
    expected: 'The outcome refused, because no copy was executed.',
    call: pay(),
    stage: ({ emulator }) => void emulator.use(refuse(Reason.SEQUENCE_REUSED, { type: 'PAY', times: 1 })),
    wire: copiesAre('R-78', 'PAY', 1),
    facts: { rule: 'R-78', anyOf: [wasRefused('no'), wasNotExecuted('no')] },
  },
  inDoubt(Reason.NO_SUCH_SESSION),
  inDoubt(Reason.SEQUENCE_REUSED),
  ...[Reason.NO_SUCH_SESSION, Reason.SEQUENCE_REUSED].map(
    (reason): CallSituation => ({
      name: `CANCEL: every copy is refused with reason ${reason}`,
      wireRules: [],
      factRules: ['R-78'],
      did: `Refused each CANCEL with reason ${reason}, while a payment link was live.`,
      expected: 'The outcome refused, and the payment link unknown: another device may have answered.',
      call: cancelOrder(),
      stage: (device) => {
        showPaymentLink(device);
        device.emulator.use(refuse(reason, { type: 'CANCEL' }));
      },
      facts: { rule: 'R-78', anyOf: [wasRefused('unknown'), wasNotExecuted('unknown')] },
    }),
  ),
  {
    name: 'CANCEL: the live payment link belongs to another order',
    wireRules: [],
    factRules: ['R-78'],
    did: 'Asked the host to end the payment link of an order, while another order had the live one.',
    expected: 'The outcome refused, and not live: the payment link of this order is over.',
    call: cancelOrder(),
    stage: (device) => showPaymentLink(device, 'OTHER-7'),
    facts: { rule: 'R-78', anyOf: [{ ...wasRefused('no', 'PROCESS_FAIL'), state: 'ready' }] },
  },
  {
    name: 'CANCEL without an order: refused with reason 11',
    wireRules: [],
    factRules: ['R-78'],
    did: 'Refused the CANCEL of any payment link with reason 11, while one was live.',
    expected: 'The outcome refused, and the payment link still live.',
    call: cancelAny,
    stage: (device) => {
      showPaymentLink(device);
      device.emulator.use(refuse(Reason.INTERNAL_ERROR, { type: 'CANCEL' }));
    },
    facts: { rule: 'R-78', anyOf: [wasRefused(['yes', 'unknown'], 'UNKNOWN_EXCEPTION')] },
  },
  {
    name: 'HELLO is refused',
    wireRules: ['R-70'],
    factRules: ['R-84'],
    did: 'Refused each HELLO with reason 9, and gave the host 2000 ms.',
    expected: 'No PAY on the wire, and the outcome not sent.',
    call: pay({ timeoutMs: 2000 }),
    stage: ({ emulator }) => void emulator.use(refuse(Reason.UNKNOWN_VERSION, { type: 'HELLO' })),
    wire: (conversation) =>
      conversation.requests('PAY').length > 0 ? [{ rule: 'R-70', text: 'sent PAY without a session' }] : [],
    facts: { rule: 'R-84', anyOf: [wasNotSent('no')] },
  },
];

function finalRefusal(reason: number): CallSituation {
  return {
    name: `PAY: refused with reason ${reason}`,
    wireRules: ['R-78'],
    factRules: ['R-78'],
    did: `Refused the PAY with reason ${reason}.`,
    expected: `One PAY, and the outcome refused with the code ${resultOf(reason)}.`,
    call: pay(),
    stage: ({ emulator }) => void emulator.use(refuse(reason, { type: 'PAY' })),
    wire: all(copiesAre('R-78', 'PAY', 1), hellosAre('R-78', 1, 1)),
    facts: { rule: 'R-78', anyOf: [wasRefused('no', resultOf(reason))] },
  };
}

function unknownReason(result: string, reason: number): CallSituation {
  return {
    name: `PAY: refused with ${result} and the unknown reason ${reason}`,
    wireRules: ['R-89'],
    factRules: ['R-89'],
    did: `Refused the PAY with ${result} and reason ${reason}, which this version does not know.`,
    expected: `One PAY, and the outcome refused with the code ${result}.`,
    call: pay(),
    stage: ({ emulator }) =>
      void emulator.use(
        onReply('PAY', (bytes, _, next) => {
          const reply = messageIn(bytes);
          if (reply) next(encodeMessage(refusalOf(reply, result, reason)));
        }),
      ),
    lies: true,
    wire: copiesAre('R-89', 'PAY', 1),
    facts: { rule: 'R-89', anyOf: [wasRefused('no', result)] },
  };
}

/** Reason 4 or 10 to the second copy says nothing about the first, which the device has executed. */
function inDoubt(reason: number): CallSituation {
  return {
    name: `PAY: executed, and the second copy is refused with reason ${reason}`,
    wireRules: ['R-78', 'R-81'],
    factRules: ['R-78', 'R-84'],
    did: `Executed the PAY, lost the reply, and refused the second copy with reason ${reason}.`,
    expected: 'HELLO after the refusal, and the result executed: the refusal is about one copy.',
    call: pay(),
    stage: ({ emulator }) =>
      void emulator.use(
        onReply('PAY', (bytes, number, next) => {
          const reply = messageIn(bytes);
          if (number > 1 && reply) next(encodeMessage(refusalOf(reply, 'PROCESS_FAIL', reason)));
        }),
      ),
    wire: hellosAre('R-81', 2, 2),
    facts: { rule: 'R-78', anyOf: [wasExecuted('yes')] },
  };
}

function refusalOf({ session, sequence }: Message, result: string, reason: number): Message {
  return { type: 'PAY_REPLY', session, sequence, result, reason, state: 'idle' } as Message;
}
