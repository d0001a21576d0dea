import type { DeviceCase } from '../device-case.js';
import { joined } from '../frames.js';
import { Lifetime } from '../lifetime.js';
import { expectLink, expectNoLink } from '../links.js';
import { must } from '../outcomes.js';
import { checkAccepted, SAMPLE } from '../raw-session.js';

/** When the LINK of a payment link of one second must have come: 1 s, the time to show it, and the time to tell. */
const LINK_OF_EXPIRY_MS = 2200;
/** The longest expiry time in seconds. docs/protocol.md section 6. */
const LONGEST_EXPIRY = 2147483647;
/** The order id of payment links that expire in these cases. */
const { orderId } = SAMPLE;

/** The end of a payment link by its time, and the LINK that tells it. docs/protocol.md sections 4 and 5. */
export const EXPIRY_CASES: readonly DeviceCase[] = [
  {
    name: 'a payment link counts down and ends when its time is over',
    rules: ['R-48', 'R-33'],
    did: 'It showed a payment link of 2 s, and sent STATUS after 0.4 s, 1.4 s and 2.7 s, and HELLO.',
    expected:
      'ready with the rest of the time in seconds, rounded up, and then expired without remaining, payment method, amount and order id',
    async run(probe) {
      const session = await probe.open();
      const life = await Lifetime.begin(probe, session, 2);
      for (const ms of [400, 1400]) {
        await life.reach(ms);
        await life.expectRemaining();
      }
      await life.reach(2700);
      const gone = { state: 'expired', remaining: null, paymentMethod: null, amount: null, orderId: null };
      await session.accepted(session.status(), gone);
      const { state } = (await probe.open()).hello;
      must(state === 'expired', `HELLO was answered with state ${state}`, 'state expired until the next PAY');
      return 'it was ready after 1.4 s, and expired after 2.7 s';
    },
  },
  {
    name: 'the time of a replaced or cancelled payment link ends nothing',
    rules: ['R-42', 'R-45', 'R-48', 'R-51'],
    did: 'It showed a payment link of 1 s, replaced it by one of 30 s and waited 1.9 s; then it showed one of 1 s, cancelled it and waited 1.9 s.',
    expected: 'ready and then cancelled, and no LINK',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay({ expiryTime: 1 }), { state: 'ready' });
      await session.accepted(session.pay(), { state: 'ready', remaining: 30 });
      await expectNoLink(session.line, 1900, 'the payment link of 1 s was replaced');
      await session.accepted(session.status(), { state: 'ready' });
      await session.accepted(session.pay({ expiryTime: 1 }), { state: 'ready', remaining: 1 });
      await session.accepted(session.cancel(), { state: 'cancelled' });
      await expectNoLink(session.line, 1900, 'the payment link was cancelled');
      await session.accepted(session.status(), { state: 'cancelled' });
      return 'nothing ended, and no LINK came';
    },
  },
  {
    name: 'no LINK tells what a request has changed',
    rules: ['R-51'],
    did: 'It sent PAY, PAY, a repeated PAY, CANCEL and STATUS, and waited 0.4 s.',
    expected: 'no LINK',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const pay = session.pay({ orderId: 'ORDER-2' });
      await session.accepted(pay, { state: 'ready' });
      await session.accepted(pay, { state: 'ready' });
      await session.accepted(session.cancel(), { state: 'cancelled' });
      await session.accepted(session.status());
      await expectNoLink(session.line, 400, 'each change had a request as its cause');
      return 'no LINK came';
    },
  },
  {
    name: 'a LINK tells the expiry',
    rules: ['R-51', 'R-52'],
    did: 'It let payment links of 1 s expire: one with an order id and one without, and one more in another session.',
    expected: 'LINKs 1 and 2 of the first session and LINK 1 of the second, each with state expired and its order id',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay({ expiryTime: 1 }), { state: 'ready' });
      await expectLink(session, { sequence: 1, state: 'expired', orderId }, LINK_OF_EXPIRY_MS);
      await session.accepted(session.pay({ expiryTime: 1, orderId: undefined }), { state: 'ready' });
      await expectLink(session, { sequence: 2, state: 'expired' }, LINK_OF_EXPIRY_MS);
      // The payment link of the old session ends in the new one, and the new one gets the LINK.
      await session.accepted(session.pay({ expiryTime: 1 }), { state: 'ready' });
      const next = await probe.open();
      await expectLink(next, { sequence: 1, state: 'expired', orderId }, LINK_OF_EXPIRY_MS);
      await next.accepted(next.status(), { state: 'expired' });
      return 'the three LINKs came with their numbers';
    },
  },
  {
    name: 'no LINK comes without a session',
    rules: ['R-51'],
    did: 'It showed a payment link of 1 s, closed the connection, opened it again and waited 1.9 s without a HELLO.',
    expected: 'no LINK, and HELLO with state expired',
    async run(probe) {
      await probe.needsClosing();
      const session = await probe.open();
      await session.accepted(session.pay({ expiryTime: 1 }), { state: 'ready' });
      const line = await probe.reopen();
      await expectNoLink(line, 1900, 'no session is open');
      const { state } = (await probe.open(line)).hello;
      must(state === 'expired', `HELLO was answered with state ${state}`, 'state expired');
      return 'no LINK came';
    },
  },
  {
    name: 'the longest expiry time is counted whole',
    rules: ['R-48', 'R-29'],
    did: 'It sent a PAY of 2147483647 s, a STATUS and a CANCEL in one write.',
    expected: 'remaining 2147483647 twice, and then cancelled',
    // A payment link of 68 years must not be left behind by a run that is killed, so no short run shows one.
    needs: { exhaustive: true },
    async run(probe) {
      const session = await probe.open();
      const pay = session.pay({ expiryTime: LONGEST_EXPIRY });
      const status = session.status();
      const cancel = session.cancel();
      const wire = joined(pay.wire, status.wire, cancel.wire);
      const rows = [
        [pay, { state: 'ready', remaining: LONGEST_EXPIRY }],
        [status, { state: 'ready', remaining: LONGEST_EXPIRY }],
        [cancel, { state: 'cancelled' }],
      ] as const;
      await session.line.send(wire);
      for (const [sent, wanted] of rows) checkAccepted(sent, await session.reply(sent), wanted);
      await expectNoLink(session.line, 300, 'the payment link was cancelled');
      return 'it had its whole time until the CANCEL';
    },
  },
];
