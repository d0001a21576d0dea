import { delayReplies } from '@bluetap/emulator';
import { MessageType } from '@bluetap/protocol';
import type { HostCall } from '../contract/host-call.js';
import { all, copiesAre, hellosAre } from '../wire/conversation.js';
import { cancelOrder, ORDER, pay, status, wasExecuted, wasNotSent } from './calls.js';
import type { CallSituation } from './situation.js';
import { showPaymentLink } from './staging.js';

/** Calls in which nothing goes wrong, and calls that must not be sent. */
export const WHOLE: readonly CallSituation[] = [
  {
    name: 'a PAY',
    wireRules: ['R-1', 'R-70', 'R-72', 'R-86'],
    factRules: ['R-84'],
    did: 'Asked the host for a PAY, and the device answered it.',
    expected: 'HELLO, one PAY with the fields of the call, and the result executed with a live payment link.',
    call: pay(),
    stage: () => {},
    wire: (conversation) => {
      const sent = conversation.requests('PAY')[0]?.message;
      const right =
        sent?.type === 'PAY' && sent.paymentMethod === 'TRUEMONEY' && sent.amount === '27.01' && sent.orderId === ORDER;
      if (!right) return [{ rule: 'R-70', text: 'sent no PAY with the fields of the call' }];
      return copiesAre('R-70', 'PAY', 1)(conversation);
    },
    facts: { rule: 'R-84', anyOf: [{ ...wasExecuted('yes'), state: 'ready', remaining: [900, 899] }] },
  },
  {
    name: 'a PAY with an expiry time',
    wireRules: ['R-70'],
    factRules: ['R-84'],
    did: 'Asked the host for a PAY with an expiry time of 20 seconds.',
    expected: 'A PAY with the expiry time, and the result executed with a live payment link.',
    call: pay({ expiryTime: 20 }),
    stage: () => {},
    wire: (conversation) => {
      const sent = conversation.requests('PAY')[0]?.message;
      const right = sent?.type === 'PAY' && sent.expiryTime === 20;
      return right ? [] : [{ rule: 'R-70', text: 'sent no PAY with the expiry time of the call' }];
    },
    facts: { rule: 'R-84', anyOf: [{ ...wasExecuted('yes'), remaining: [20, 19] }] },
  },
  {
    name: 'a CANCEL of an order',
    wireRules: ['R-70', 'R-72'],
    factRules: ['R-84'],
    did: 'Asked the host to end the payment link of an order, which a phone had read twice.',
    expected: 'HELLO, one CANCEL with the order id, and the result executed with two taps.',
    call: cancelOrder(),
    stage: (device) => {
      showPaymentLink(device);
      device.emulator.tap();
      device.emulator.tap();
    },
    wire: (conversation) => {
      const sent = conversation.requests('CANCEL')[0]?.message;
      const right = sent?.type === 'CANCEL' && sent.orderId === ORDER;
      return right ? [] : [{ rule: 'R-70', text: 'sent no CANCEL with the order id of the call' }];
    },
    facts: { rule: 'R-84', anyOf: [{ ...wasExecuted('no'), state: 'cancelled', taps: 2 }] },
  },
  {
    name: 'a STATUS',
    wireRules: ['R-70', 'R-72'],
    factRules: ['R-73'],
    did: 'Asked the host what the device shows.',
    expected: 'HELLO, one STATUS, and the payment link as the device has it.',
    call: status,
    stage: showPaymentLink,
    wire: (conversation) =>
      conversation.requests('STATUS').length > 0 ? [] : [{ rule: 'R-70', text: 'sent no STATUS' }],
    facts: { rule: 'R-73', anyOf: [{ code: 'SUCCESS', state: 'ready', orderId: ORDER, paymentMethod: 'ALIPAY_CN' }] },
  },
  {
    name: 'a device that takes 400 ms for each answer',
    wireRules: ['R-71', 'R-75'],
    factRules: ['R-84'],
    did: 'Answered each request after 400 ms.',
    expected: 'One HELLO, and then one PAY without a repeat and without another request, and the result executed.',
    tight: true,
    call: pay(),
    stage: ({ emulator }) => void emulator.use(delayReplies(400)),
    wire: all(hellosAre('R-71', 1, 1), copiesAre('R-75', 'PAY', 1)),
    facts: { rule: 'R-84', anyOf: [wasExecuted('yes')] },
  },
  illegal('a PAY with an unknown payment method', pay({ paymentMethod: 'PAYPAL' })),
  illegal('a PAY with an amount with a comma', pay({ amount: '12,50' })),
  illegal('a PAY with an order id of 17 characters', pay({ orderId: 'ORDER-00000000017' })),
  illegal('a PAY with an expiry time of 0', pay({ expiryTime: 0 })),
  illegal('a CANCEL with a space in its order id', cancelOrder({ orderId: 'ORDER 1' })),
];

/** A call that no device may see. A host need not print a result for it. */
function illegal(what: string, call: HostCall): CallSituation {
  const type = call.do === 'pay' ? MessageType.PAY : MessageType.CANCEL;
  return {
    name: what,
    wireRules: ['R-85'],
    factRules: [],
    did: `Asked the host for ${what}.`,
    expected: 'No such command on the wire, and the outcome not sent, if the host prints a result.',
    call,
    stage: () => {},
    wire: (conversation) => {
      const sent = conversation.items.some((item) => item.kind === 'frame' && item.frame?.type === type);
      return sent ? [{ rule: 'R-85', text: `sent ${what}` }] : [];
    },
    facts: { rule: 'R-85', anyOf: [wasNotSent(['no', 'unknown'])] },
    mayBeSilent: true,
  };
}
