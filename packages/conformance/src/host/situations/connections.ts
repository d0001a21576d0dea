import { cutAfter, restartAfterExecuting, restartBeforeExecuting, unplugAfterExecuting } from '@bluetap/emulator';
import type { AllowedFacts } from '../contract/facts.js';
import { editHello, onReply, onRequest } from '../device/edits.js';
import type { StagedDevice } from '../device/staged-device.js';
import { isUnknown, pay, wasExecuted, wasNotExecuted, wasNotSent } from './calls.js';
import type { CallSituation } from './situation.js';

/** A host that is not connected again within its call says this. */
const LEFT_IN_DOUBT: AllowedFacts = { ...isUnknown('unknown'), pending: true };

/** After this time the device is plugged in again. */
const BACK_MS = 100;

/** The device is gone for a moment and comes back, with the power that it had. */
function backSoon({ emulator }: StagedDevice): void {
  setTimeout(() => emulator.plug(), BACK_MS);
}

/** Connections that close, at each moment. */
export const CONNECTIONS: readonly CallSituation[] = [
  {
    name: 'no device is there',
    wireRules: [],
    factRules: ['R-84'],
    did: 'Closed each connection at once, and gave the host 1500 ms.',
    expected: 'The outcome not sent.',
    call: pay({ timeoutMs: 1500 }),
    stage: ({ emulator }) => emulator.unplug(),
    facts: { rule: 'R-84', anyOf: [wasNotSent('no')] },
  },
  closed('at HELLO, and it comes back', [wasExecuted('yes'), wasNotSent('no')], (device) => {
    device.emulator.use(
      onRequest('HELLO', (frame, number, next) => {
        if (number > 1) return next(frame);
        device.emulator.unplug();
        backSoon(device);
      }),
    );
  }),
  closed('before the PAY is executed, and it comes back', [wasNotExecuted('no'), LEFT_IN_DOUBT], (device) => {
    device.emulator.use(
      onRequest('PAY', (frame, number, next) => {
        if (number > 1) return next(frame);
        device.emulator.unplug();
        backSoon(device);
      }),
    );
  }),
  closed('after the PAY was executed, and it comes back', [wasExecuted('yes'), LEFT_IN_DOUBT], (device) => {
    device.emulator.use(unplugAfterExecuting());
    followUnplug(device);
  }),
  closed('in the middle of the reply to PAY, and it comes back', [wasExecuted('yes'), LEFT_IN_DOUBT], (device) => {
    device.emulator.use(cutAfter(9, { type: 'PAY' }));
    followUnplug(device);
  }),
  closed('before the PAY is executed, and the device restarts', [isUnknown('no'), LEFT_IN_DOUBT], (device) => {
    device.emulator.use(restartBeforeExecuting());
  }),
  closed('after the PAY was executed, and the device restarts', [isUnknown('no'), LEFT_IN_DOUBT], (device) => {
    device.emulator.use(restartAfterExecuting());
  }),
  {
    ...closed('after the PAY was executed, and another device comes', [LEFT_IN_DOUBT], (device) => {
      device.emulator.use(unplugAfterExecuting());
      device.emulator.use(
        editHello('later', ({ bootId }) => ({
          serialNumber: 'CONFORMANCE-2',
          bootId: (bootId ^ 1) >>> 0,
          state: 'idle',
          lastCommand: undefined,
        })),
      );
      followUnplug(device);
    }),
    factRules: ['R-82', 'R-88'],
    lies: true,
    facts: { rule: 'R-88', anyOf: [LEFT_IN_DOUBT] },
  },
  stays('before the PAY is executed', (device) => {
    device.emulator.use(onRequest('PAY', () => device.emulator.unplug()));
  }),
  stays('after the PAY was executed', ({ emulator }) => void emulator.use(unplugAfterExecuting())),
  stays('while the PAY is in doubt', (device) => {
    device.emulator.use(
      onReply('PAY', (_, number) => {
        if (number === 2) device.emulator.unplug();
      }),
    );
  }),
];

function inWords({ outcome, linkLive }: AllowedFacts): string {
  return `${outcome}, with linkLive ${linkLive}`;
}

/** Plugs the device in again after each time that it was unplugged. */
function followUnplug(device: StagedDevice): void {
  const unfollow = device.emulator.follow({
    onPlug: () => {
      if (!device.emulator.plugged && !device.emulator.closed) backSoon(device);
      else unfollow();
    },
  });
}

function closed(what: string, anyOf: readonly AllowedFacts[], stage: (device: StagedDevice) => void): CallSituation {
  return {
    name: `the connection closes ${what}`,
    wireRules: ['R-70', 'R-76', 'R-80'],
    factRules: ['R-82', 'R-84'],
    did: `Closed the connection ${what}.`,
    expected: `HELLO first on each connection, no second PAY while the first is in doubt, and the result: ${anyOf.map(inWords).join('; or ')}.`,
    call: pay(),
    stage,
    facts: { rule: 'R-84', anyOf },
  };
}

function stays(what: string, stage: (device: StagedDevice) => void): CallSituation {
  return {
    ...closed(`${what}, and the device stays away`, [LEFT_IN_DOUBT], stage),
    call: pay({ timeoutMs: 2500 }),
    did: `Closed the connection ${what}, let no connection open again, and gave the host 2500 ms.`,
    expected: 'The outcome and the payment link unknown.',
  };
}
