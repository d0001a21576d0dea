import type { HelloAccepted } from '@bluetap/protocol';
import type { AllowedFacts } from '../contract/facts.js';
import type { HostCall } from '../contract/host-call.js';
import { editHello } from '../device/edits.js';
import type { StagedDevice } from '../device/staged-device.js';
import { copiesAre, hellosAre } from '../wire/conversation.js';
import { cancelAny, cancelOrder, isUnknown, pay, wasExecuted } from './calls.js';
import type { CallSituation } from './situation.js';
import { insteadOfFirst, loseRepliesTo, loseRequestsOf, showPaymentLink } from './staging.js';

/** A session that was opened long before the first one of the host. */
function longBefore({ session }: HelloAccepted): number {
  return session > 100 ? session - 100 : 0xffff - 100 + session;
}

/** Every contradiction of docs/protocol.md section 4 that one call shows. */
export const CONTRADICTIONS: readonly CallSituation[] = [
  {
    name: 'HELLO opens a session with the number of the last command',
    wireRules: ['R-83'],
    factRules: [],
    did: 'Named the new session itself as the session of the last command in the first reply to HELLO.',
    expected: 'Another HELLO, and the result executed.',
    call: pay(),
    stage: ({ emulator }) =>
      void emulator.use(editHello(1, ({ session }) => ({ lastCommand: { session, sequence: 7 }, state: 'cancelled' }))),
    wire: hellosAre('R-83', 2, 2),
    facts: { rule: 'R-83', anyOf: [wasExecuted('yes')] },
  },
  {
    name: 'HELLO opens a session with the number of the session before',
    wireRules: ['R-83'],
    factRules: [],
    did: 'Executed the PAY, lost every reply to it, and gave the next session the number of the first.',
    expected: 'Another HELLO before the host believes anything, and the result executed.',
    call: pay(),
    stage: ({ emulator }) => {
      emulator.use(loseRepliesTo('PAY', 3));
      emulator.use(
        editHello(2, ({ session, lastCommand }) => ({
          session: lastCommand?.session ?? session,
          lastCommand: undefined,
        })),
      );
    },
    wire: hellosAre('R-83', 3, 3),
    facts: { rule: 'R-83', anyOf: [wasExecuted('yes')] },
  },
  reply('CANCEL: executed, and the payment link is live', cancelOrder(), { state: 'ready' }, wasExecuted('no')),
  reply(
    'PAY: executed, the payment link is over, and it has time left',
    pay(),
    { state: 'expired', remaining: 5 },
    wasExecuted('yes'),
  ),
  reply(
    'PAY: refused with reason 6, and a payment link is live',
    pay(),
    { result: 'PROCESS_FAIL', reason: 6, state: 'ready', remaining: undefined },
    wasExecuted('yes'),
  ),
  doubt(
    'no last command, and a payment link is live',
    pay(),
    () => ({ lastCommand: undefined, state: 'ready' }),
    'unknown',
  ),
  doubt(
    'no last command, and a payment link was cancelled',
    pay(),
    () => ({ lastCommand: undefined, state: 'cancelled' }),
    ['no', 'unknown'],
  ),
  doubt(
    'the same start, and no last command although there was one',
    pay(),
    () => ({ lastCommand: undefined, state: 'idle' }),
    ['no', 'unknown'],
    (device) => showPaymentLink(device, 'OTHER-7'),
  ),
  doubt(
    'the last command is of a session before the one of the PAY',
    pay(),
    (hello) => ({ lastCommand: { session: longBefore(hello), sequence: 1 }, state: 'ready' }),
    'unknown',
  ),
  {
    name: 'in doubt: the last command is the CANCEL, and the payment link is live',
    wireRules: ['R-80'],
    factRules: ['R-83'],
    did: 'Executed the CANCEL, lost every reply to it, and said that it is the last command and that a payment link is live.',
    expected: 'The outcome and the payment link unknown.',
    call: cancelAny,
    lies: true,
    stage: (device) => {
      showPaymentLink(device);
      device.emulator.use(loseRepliesTo('CANCEL', 3));
      device.emulator.use(editHello('later', () => ({ state: 'ready' })));
    },
    facts: { rule: 'R-83', anyOf: [isUnknown('unknown')] },
  },
  {
    name: 'CANCEL: executed with fewer taps than were told before',
    wireRules: [],
    factRules: ['R-83'],
    did: 'Told three taps in the reply to HELLO, and one tap in the reply to CANCEL.',
    expected: 'The result executed, with three taps.',
    call: cancelAny,
    stage: (device) => {
      showPaymentLink(device);
      for (let taps = 0; taps < 3; taps++) device.emulator.tap();
      device.emulator.use(insteadOfFirst('CANCEL', (reply) => [{ ...reply, taps: 1 } as typeof reply]));
    },
    facts: { rule: 'R-83', anyOf: [{ ...wasExecuted('no'), taps: 3 }] },
  },
];

/** The first reply to a command cannot be true. The second one is. */
function reply(what: string, call: HostCall, change: object, facts: AllowedFacts): CallSituation {
  const type = call.do === 'pay' ? 'PAY' : 'CANCEL';
  return {
    name: `a reply that cannot be true: ${what}`,
    wireRules: ['R-83'],
    factRules: ['R-83'],
    did: `Executed the ${type}, and answered its first copy with a reply that cannot be true.`,
    expected: 'The same bytes again after 1000 ms, as without a reply, and the result of the second reply.',
    call,
    stage: (device) => {
      if (type === 'CANCEL') showPaymentLink(device);
      device.emulator.use(insteadOfFirst(type, (message) => [{ ...message, ...change } as typeof message]));
    },
    wire: copiesAre('R-83', type, 2),
    facts: { rule: 'R-83', anyOf: [facts] },
  };
}

/** The reply to the HELLO that asks about a PAY cannot be true. No copy of the PAY has reached the device. */
function doubt(
  what: string,
  call: HostCall,
  says: (reply: HelloAccepted) => Partial<HelloAccepted>,
  linkLive: 'unknown' | readonly string[],
  before: (device: StagedDevice) => void = () => {},
): CallSituation {
  return {
    name: `in doubt: ${what}`,
    wireRules: ['R-80'],
    factRules: ['R-83'],
    did: `Lost every copy of the PAY, and answered the next HELLO with what cannot be true: ${what}.`,
    expected: `The outcome unknown, with linkLive ${Array.isArray(linkLive) ? linkLive.join(' or ') : linkLive}.`,
    call,
    lies: true,
    stage: (device) => {
      before(device);
      device.emulator.use(loseRequestsOf('PAY', 3));
      device.emulator.use(editHello('later', says));
    },
    facts: { rule: 'R-83', anyOf: [isUnknown(linkLive)] },
  };
}
