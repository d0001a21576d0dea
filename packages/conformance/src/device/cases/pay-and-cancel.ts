import { Reason } from '@bluetap/protocol';
import { DEFAULT_EXPIRY_TIME, PAYMENT_LINK_STATES, tagOf } from '@bluetap/protocol/tools';
import type { DeviceCase } from '../device-case.js';
import { fieldValue, hex } from '../frames.js';
import { awaitExpiry } from '../links.js';
import { must, NotShown } from '../outcomes.js';
import type { Probe } from '../probe.js';
import { checkAccepted, type RawSession, SAMPLE } from '../raw-session.js';

const PREVIOUS = tagOf('previous');

/** @throws Mismatch if the last command of the device is another one. */
async function expectLastCommand(probe: Probe, session: RawSession, sequence: number): Promise<RawSession> {
  const next = await probe.open();
  const { lastCommand } = next.hello;
  must(
    lastCommand?.session === session.number && lastCommand.sequence === sequence,
    `the last command is ${lastCommand ? `session ${lastCommand.session}, sequence ${lastCommand.sequence}` : 'absent'}`,
    `the last command is session ${session.number}, sequence ${sequence}`,
  );
  return next;
}

/** PAY. docs/protocol.md section 4, "The payment link". */
export const PAY_CASES: readonly DeviceCase[] = [
  {
    name: 'a PAY shows its payment link',
    rules: ['R-42', 'R-33', 'R-48'],
    did: 'It sent a PAY of 30 s with all fields, and a STATUS.',
    expected: 'state ready and remaining 30, and STATUS with payment method, amount and order id',
    async run(probe) {
      const session = await probe.open();
      const { paymentMethod, amount, orderId } = SAMPLE;
      await session.accepted(session.pay(), { state: 'ready', remaining: 30 });
      await session.accepted(session.status(), {
        state: 'ready',
        remaining: 30,
        paymentMethod,
        amount,
        orderId,
        taps: 0,
      });
      return 'it was shown with all of its fields';
    },
  },
  {
    name: 'a PAY replaces the payment link before it',
    rules: ['R-42', 'R-33'],
    did: 'It sent a PAY with all fields, a PAY with the payment method alone, and STATUS, and then a PAY with all fields again.',
    expected: 'STATUS has the fields of the latest PAY and no others',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const bare = { paymentMethod: 'SEVEN_11', amount: undefined, orderId: undefined } as const;
      await session.accepted(session.pay({ ...bare, expiryTime: 20 }), { state: 'ready', remaining: 20 });
      await session.accepted(session.status(), { paymentMethod: 'SEVEN_11', amount: null, orderId: null });
      await session.accepted(session.pay({ amount: undefined, orderId: 'B' }), { state: 'ready' });
      await session.accepted(session.status(), { paymentMethod: 'TRUEMONEY', amount: null, orderId: 'B' });
      await session.accepted(session.pay({ amount: '1', orderId: undefined }), { state: 'ready' });
      await session.accepted(session.status(), { amount: '1', orderId: null });
      return 'each PAY replaced all fields';
    },
  },
  {
    name: 'a refused PAY leaves the payment link as it is',
    rules: ['R-28', 'R-29', 'R-42'],
    did: 'It showed a payment link, and sent PAYs with a wrong payment method, amount and order id.',
    expected: 'refusals with state ready, and STATUS with the first payment link',
    async run(probe) {
      const session = await probe.open();
      const { paymentMethod, amount, orderId } = SAMPLE;
      await session.accepted(session.pay(), { state: 'ready' });
      const unknown = session.pay({ paymentMethod: 'CASH' as 'TRUEMONEY', amount: '9', orderId: 'B' });
      await session.refused(unknown, Reason.UNKNOWN_PAYMENT_METHOD, 'ready');
      await session.refused(session.pay({ amount: '1,0', orderId: 'B' }), Reason.BAD_VALUE, 'ready');
      await session.refused(session.pay({ amount: '9', orderId: 'B B' }), Reason.BAD_VALUE, 'ready');
      await session.accepted(session.status(), { state: 'ready', paymentMethod, amount, orderId });
      return 'the payment link stayed as it was';
    },
  },
  {
    name: 'a PAY without expiry time lives 900 s',
    rules: ['R-7', 'R-48'],
    did: 'It sent a PAY without expiry time, and one with an expiry time of 900, and a CANCEL at once after each.',
    expected: 'remaining 900 for both',
    async run(probe) {
      const session = await probe.open();
      for (const expiryTime of [undefined, DEFAULT_EXPIRY_TIME]) {
        await session.accepted(session.pay({ expiryTime }), { state: 'ready', remaining: DEFAULT_EXPIRY_TIME });
        await session.accepted(session.cancel(), { state: 'cancelled' });
      }
      return 'both had remaining 900';
    },
  },
  {
    name: 'the last command is the latest PAY or CANCEL that was executed',
    rules: ['R-40'],
    did: 'It sent PAY, STATUS, a refused PAY, a repeated PAY, a refused CANCEL and CANCEL, and looked at the last command between them.',
    expected: 'the PAY until the CANCEL, and then the CANCEL',
    async run(probe) {
      const first = await probe.open();
      first.continueAfter(6);
      const pay = first.pay();
      await first.accepted(pay, { state: 'ready' });
      await first.accepted(pay, { state: 'ready' });
      await first.accepted(first.status());
      await first.refused(first.pay({ amount: 'x' }), Reason.BAD_VALUE);
      await first.refused(first.cancel('ORDER-2'), Reason.ORDER_MISMATCH);
      const second = await expectLastCommand(probe, first, pay.sequence);
      await second.accepted(second.status());
      const third = await expectLastCommand(probe, first, pay.sequence);
      const cancel = third.cancel();
      await third.accepted(cancel, { state: 'cancelled' });
      const fourth = await expectLastCommand(probe, third, cancel.sequence);
      const idle = fourth.cancel('ORDER-9');
      await fourth.accepted(idle, { state: 'cancelled' });
      await expectLastCommand(probe, fourth, idle.sequence);
      return 'it was the latest executed one each time';
    },
  },
  {
    name: 'a PAY reply says what the PAY replaced',
    rules: ['R-50', 'R-38'],
    did: 'It sent a PAY without a live payment link, a PAY on top of it, and a PAY after a CANCEL, each twice.',
    expected:
      'tag 15 with the state and the taps before: ready and 0 for the second PAY, cancelled and 0 for the third',
    async run(probe) {
      const session = await probe.open();
      const { state, taps = 0 } = session.hello;
      const before = hex([PAYMENT_LINK_STATES.indexOf(state), taps]);
      for (const told of [before, '0100', '0300']) {
        if (told === '0300') await session.accepted(session.cancel(), { state: 'cancelled' });
        const sent = session.pay();
        for (const what of [sent.what, `the repeat of ${sent.what}`]) {
          const reply = await session.ask(sent);
          checkAccepted(sent, reply, { state: 'ready' });
          const value = hex(fieldValue(reply.frame.payload, PREVIOUS) ?? []);
          // Nothing was shown since the start, or the NFC part failed: only the device knows which.
          if (value === '' && told === before && state === 'idle') continue;
          if (value === '' && what === sent.what) throw new NotShown('the device does not send tag 15');
          must(value === told, `tag 15 of ${what} is ${value || 'absent'}`, `${told}: the state and the taps before`);
        }
      }
      return 'it told the state and the taps before, and the repeat told the same';
    },
  },
];

/** CANCEL. docs/protocol.md section 4, "The payment link". */
export const CANCEL_CASES: readonly DeviceCase[] = [
  {
    name: 'a CANCEL without order id ends any payment link',
    rules: ['R-45', 'R-33'],
    did: 'It showed payment links with and without an order id, and sent a CANCEL and a STATUS after each.',
    expected: 'state cancelled, and STATUS without remaining, payment method, amount and order id',
    async run(probe) {
      const session = await probe.open();
      const gone = { state: 'cancelled', remaining: null, paymentMethod: null, amount: null, orderId: null };
      for (const orderId of ['ORDER-1', undefined]) {
        await session.accepted(session.pay({ orderId }), { state: 'ready' });
        await session.accepted(session.cancel(), { state: 'cancelled' });
        await session.accepted(session.status(), gone);
      }
      return 'each payment link ended';
    },
  },
  {
    name: 'a CANCEL of the same order ends the payment link',
    rules: ['R-45'],
    did: 'It showed payment links with order ids of 1 and 16 characters, and sent a CANCEL with the same order id.',
    expected: 'state cancelled',
    async run(probe) {
      const session = await probe.open();
      for (const orderId of ['A', 'ABCDEFGHIJKLMNOP']) {
        await session.accepted(session.pay({ orderId }), { state: 'ready' });
        await session.accepted(session.cancel(orderId), { state: 'cancelled' });
      }
      return 'each payment link ended';
    },
  },
  {
    name: 'a CANCEL of another order leaves the payment link',
    rules: ['R-30', 'R-45'],
    did: 'It showed payment links with and without an order id, and sent CANCELs with a shorter, a longer and a similar one.',
    expected: 'reason 5 with state ready, and STATUS with the payment link',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay({ orderId: 'ORDER-1' }), { state: 'ready' });
      for (const other of ['ORDER-', 'ORDER-12', 'order-1', 'ORDER-2', 'PRDER-1', 'O']) {
        await session.refused(session.cancel(other), Reason.ORDER_MISMATCH, 'ready');
      }
      await session.accepted(session.status(), { state: 'ready', orderId: 'ORDER-1' });
      await session.accepted(session.pay({ orderId: undefined }), { state: 'ready' });
      await session.refused(session.cancel('ORDER-1'), Reason.ORDER_MISMATCH, 'ready');
      await session.accepted(session.status(), { state: 'ready', orderId: null });
      return 'each was refused with reason 5, and the payment link stayed';
    },
  },
  {
    name: 'a CANCEL without a live payment link succeeds and changes nothing',
    rules: ['R-45'],
    did: 'It sent CANCELs with and without an order id, on a cancelled payment link and on one that expired.',
    expected: 'SUCCESS with the state before',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      await session.accepted(session.cancel(), { state: 'cancelled' });
      await session.accepted(session.cancel(), { state: 'cancelled' });
      await session.accepted(session.cancel('ORDER-2'), { state: 'cancelled' });
      await session.accepted(session.pay({ expiryTime: 1 }), { state: 'ready' });
      await awaitExpiry(session);
      await session.accepted(session.cancel(), { state: 'expired' });
      await session.accepted(session.cancel('ORDER-2'), { state: 'expired' });
      return 'each succeeded, and the state stayed';
    },
  },
];
