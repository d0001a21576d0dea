import type { HelloAccepted } from '@bluetap/protocol';
import type { AllowedFacts } from '../contract/facts.js';
import type { HostCall } from '../contract/host-call.js';
import { editHello } from '../device/edits.js';
import type { StagedDevice } from '../device/staged-device.js';
import { all, copiesAre, hellosAre } from '../wire/conversation.js';
import { cancelAny, cancelOrder, isUnknown, pay, wasExecuted, wasNotExecuted } from './calls.js';
import type { CallSituation } from './situation.js';
import { loseRepliesTo, loseRequestsOf, showPaymentLink } from './staging.js';

/** One row of the tables of docs/protocol.md section 4, In doubt. */
interface Row {
  readonly name: string;
  readonly did: string;
  readonly call: HostCall;
  /** True: the device executes the command, and every reply is lost. False: every request is lost. */
  readonly done: boolean;
  /** Before the host starts. */
  readonly before?: (device: StagedDevice) => void;
  /** After the last copy, and before the HELLO that asks. */
  readonly between?: (device: StagedDevice) => void;
  /** What the reply to that HELLO says, in the place of what is true. */
  readonly says?: (reply: HelloAccepted) => Partial<HelloAccepted>;
  readonly facts: AllowedFacts;
}

/** Another start of the same device, on a line that stayed open. */
const RESTARTED = ({ bootId }: HelloAccepted): Partial<HelloAccepted> => ({
  bootId: (bootId ^ 1) >>> 0,
  lastCommand: undefined,
  state: 'idle',
  taps: undefined,
});

/** Another start in which a payment link was shown. */
const RESTARTED_READY = ({ bootId, session }: HelloAccepted): Partial<HelloAccepted> => ({
  bootId: (bootId ^ 1) >>> 0,
  lastCommand: { session: session === 1 ? 0xffff : session - 1, sequence: 1 },
  state: 'ready',
});

const ANOTHER_DEVICE = (reply: HelloAccepted): Partial<HelloAccepted> => ({
  ...RESTARTED(reply),
  serialNumber: 'CONFORMANCE-2',
});

const PAY_ROWS: readonly Row[] = [
  {
    name: 'PAY in doubt: executed, and the payment link is live',
    did: 'Executed the PAY and lost every reply to it.',
    call: pay(),
    done: true,
    facts: wasExecuted('yes'),
  },
  {
    name: 'PAY in doubt: executed, and the payment link has expired',
    did: 'Executed the PAY, lost every reply to it, and let the payment link expire.',
    call: pay(),
    done: true,
    between: ({ emulator }) => void emulator.expire(),
    facts: wasExecuted('no'),
  },
  {
    name: 'PAY in doubt: not executed',
    did: 'Lost every copy of the PAY.',
    call: pay(),
    done: false,
    facts: wasNotExecuted('no'),
  },
  {
    name: 'PAY in doubt: not executed, and another payment link is live',
    did: 'Lost every copy of the PAY, while the payment link of an earlier host was live.',
    call: pay(),
    done: false,
    before: (device) => showPaymentLink(device, 'OTHER-7'),
    facts: wasNotExecuted('no'),
  },
  {
    name: 'PAY in doubt: another host has acted since then',
    did: 'Executed the PAY, lost every reply to it, and let another host show its payment link.',
    call: pay(),
    done: true,
    between: (device) => void device.otherHost().hello().pay(),
    facts: isUnknown('no'),
  },
  {
    name: 'PAY in doubt: the device has restarted',
    did: 'Lost every copy of the PAY, and answered the next HELLO as after a restart.',
    call: pay(),
    done: false,
    says: RESTARTED,
    facts: isUnknown('no'),
  },
  {
    name: 'PAY in doubt: the device has restarted, and a payment link is live',
    did: 'Lost every copy of the PAY, and answered the next HELLO as after a restart with a live payment link.',
    call: pay(),
    done: false,
    says: RESTARTED_READY,
    facts: isUnknown('unknown'),
  },
  {
    name: 'PAY in doubt: another device answers',
    did: 'Executed the PAY, lost every reply to it, and answered the next HELLO with another serial number.',
    call: pay(),
    done: true,
    says: ANOTHER_DEVICE,
    facts: { ...isUnknown('unknown'), pending: true },
  },
];

const CANCEL_ROWS: readonly Row[] = [
  {
    name: 'CANCEL in doubt: executed',
    did: 'Executed the CANCEL and lost every reply to it.',
    call: cancelOrder(),
    done: true,
    before: showPaymentLink,
    facts: wasExecuted('no'),
  },
  {
    name: 'CANCEL of any order in doubt: not executed, and a payment link is live',
    did: 'Lost every copy of a CANCEL without an order.',
    call: cancelAny,
    done: false,
    before: showPaymentLink,
    facts: wasNotExecuted('yes'),
  },
  {
    name: 'CANCEL of one order in doubt: not executed, and a payment link is live',
    did: 'Lost every copy of a CANCEL of an order.',
    call: cancelOrder(),
    done: false,
    before: showPaymentLink,
    facts: wasNotExecuted('unknown'),
  },
  {
    name: 'CANCEL in doubt: not executed, and no payment link is live',
    did: 'Lost every copy of the CANCEL, while no payment link was live.',
    call: cancelOrder(),
    done: false,
    facts: wasNotExecuted('no'),
  },
  {
    name: 'CANCEL in doubt: another host has shown a payment link',
    did: 'Lost every copy of the CANCEL, and let another host show its payment link.',
    call: cancelOrder(),
    done: false,
    before: showPaymentLink,
    between: (device) => void device.otherHost().hello().pay(),
    facts: isUnknown('unknown'),
  },
  {
    name: 'CANCEL in doubt: another host has cancelled',
    did: 'Lost every copy of the CANCEL, and let another host cancel.',
    call: cancelOrder(),
    done: false,
    before: showPaymentLink,
    between: (device) => void device.otherHost().hello().cancel(),
    facts: isUnknown('no'),
  },
  {
    name: 'CANCEL in doubt: the device has restarted, and a payment link is live',
    did: 'Lost every copy of the CANCEL, and answered the next HELLO as after a restart with a live payment link.',
    call: cancelOrder(),
    done: false,
    before: showPaymentLink,
    says: RESTARTED_READY,
    facts: isUnknown('unknown'),
  },
  {
    name: 'CANCEL in doubt: the device has restarted',
    did: 'Lost every copy of the CANCEL, and answered the next HELLO as after a restart.',
    call: cancelOrder(),
    done: false,
    before: showPaymentLink,
    says: RESTARTED,
    facts: isUnknown('no'),
  },
  {
    name: 'CANCEL in doubt: another device answers',
    did: 'Lost every copy of the CANCEL, and answered the next HELLO with another serial number.',
    call: cancelOrder(),
    done: false,
    before: showPaymentLink,
    says: ANOTHER_DEVICE,
    facts: { ...isUnknown('unknown'), pending: true },
  },
];

/** The copies of a command before a host asks with HELLO. */
const COPIES = 3;

/** Every row of the tables of doubts. In each, three copies of the command stay without a reply. */
export const DOUBTS: readonly CallSituation[] = [...PAY_ROWS, ...CANCEL_ROWS].map(situationOf);

function situationOf({ name, did, call, done, before, between, says, facts }: Row): CallSituation {
  const type = call.do === 'pay' ? 'PAY' : 'CANCEL';
  return {
    name,
    wireRules: ['R-75', 'R-76', 'R-80', 'R-81'],
    factRules: ['R-81', 'R-82', 'R-84'],
    did,
    expected: `Three copies of ${type}, then HELLO, and the outcome ${facts['outcome']} with linkLive ${facts['linkLive']}.`,
    call,
    // The reply of another device or of a restart is made up, so the device's own log says something else.
    ...(says && { lies: true as const }),
    stage: (device) => {
      before?.(device);
      const lose = done ? loseRepliesTo : loseRequestsOf;
      device.emulator.use(lose(type, COPIES, () => between?.(device)));
      if (says) device.emulator.use(editHello('later', says));
    },
    wire: all(copiesAre('R-75', type, COPIES), hellosAre('R-81', 2, 2)),
    facts: { rule: 'R-81', linkRule: 'R-82', anyOf: [facts] },
  };
}
