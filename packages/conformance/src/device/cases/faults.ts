import { MessageType, Reason } from '@bluetap/protocol';
import type { DeviceCase } from '../probe/device-case.js';
import { payPayload } from '../probe/frames.js';
import { expectLink } from '../probe/links.js';
import { DeviceGone, Mismatch, must } from '../probe/outcomes.js';
import type { Probe } from '../probe/probe.js';
import { type RawSession, SAMPLE } from '../probe/raw-session.js';
import { readBlank } from './blank-tag.js';

const LONGEST_EXPIRY = 2147483647;

/** Runs the steps with a broken NFC part, and repairs it whatever happens. */
async function withFault<T>(probe: Probe, steps: () => Promise<T>): Promise<T> {
  try {
    await probe.act('fault');
    return await steps();
  } finally {
    await probe.act('repair').catch(() => probe.notes.add('the hook could not repair the NFC part after a case'));
  }
}

/**
 * A device that cannot make its tag blank goes silent and starts again. So after a fault there is the same session, or a
 * new start with a blank tag.
 * @returns The session to go on with; `restarted` if it is one of a new start.
 */
async function afterFault(
  probe: Probe,
  session: RawSession,
): Promise<{ readonly session: RawSession; readonly restarted: boolean }> {
  try {
    await session.accepted(session.status(), { state: 'idle' });
    return { session, restarted: false };
  } catch (error) {
    if (!(error instanceof Mismatch || error instanceof DeviceGone)) throw error;
    probe.count.expectRestart();
    const next = await probe.open().finally(() => probe.count.expectRestart(false));
    if (next.hello.bootId === session.hello.bootId) throw error;
    must(
      next.hello.state === 'idle',
      `the device restarted with state ${next.hello.state}`,
      'state idle after a restart',
    );
    return { session: next, restarted: true };
  }
}

/** A broken NFC part. docs/protocol.md section 4, "The payment link". */
export const FAULT_CASES: readonly DeviceCase[] = [
  {
    name: 'a fault ends the live payment link',
    rules: ['R-44', 'R-51', 'R-49'],
    did: 'It showed a payment link, broke the NFC part and repaired it.',
    expected: 'LINK 1 with state idle and STATUS with state idle, or a restart with state idle, and a blank tag',
    needs: { hook: ['fault', 'repair'] },
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const now = await withFault(probe, async () => {
        const found = await afterFault(probe, session);
        if (!found.restarted) await expectLink(session, { sequence: 1, state: 'idle', orderId: SAMPLE.orderId });
        return found;
      });
      if (probe.hookProblem('tap') === undefined) await readBlank(probe, 'after the fault');
      await now.session.accepted(now.session.status(), { state: 'idle', orderId: null });
      return now.restarted ? 'the device restarted with state idle' : 'the payment link ended, and LINK told it';
    },
  },
  {
    name: 'a PAY that the NFC part fails is refused and shows nothing',
    rules: ['R-31', 'R-43', 'R-40', 'R-38'],
    did: 'It cancelled a payment link, broke the NFC part, sent a PAY, repaired the NFC part, and sent the same bytes.',
    expected: 'reason 6 both times, state cancelled as before, and the CANCEL as the last command',
    needs: { hook: ['fault', 'repair'] },
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const cancel = session.cancel();
      await session.accepted(cancel, { state: 'cancelled' });
      const pay = session.pay({ orderId: 'ORDER-2' });
      await withFault(probe, () => session.refused(pay, Reason.NFC_FAULT, 'cancelled'));
      await session.refused(pay, Reason.NFC_FAULT, 'cancelled');
      await session.accepted(session.status(), { state: 'cancelled' });
      const { session: number } = cancel;
      const next = await probe.open();
      const { lastCommand } = next.hello;
      const right = lastCommand?.session === number && lastCommand.sequence === cancel.sequence;
      must(
        right,
        `the last command is ${JSON.stringify(lastCommand)}`,
        `session ${number}, sequence ${cancel.sequence}`,
      );
      await next.accepted(next.pay(), { state: 'ready', remaining: 30 });
      return 'the PAY and its repeat were refused with reason 6, and the next PAY was shown';
    },
  },
  {
    name: 'a PAY that the NFC part fails leaves no payment link',
    rules: ['R-43', 'R-31', 'R-49'],
    did: 'It showed a payment link, broke the NFC part, and sent another PAY.',
    expected: 'reason 6 with state idle, or a restart with state idle',
    needs: { hook: ['fault', 'repair'] },
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      const now = await withFault(probe, async () => {
        const found = await afterFault(probe, session);
        await found.session.refused(found.session.pay({ orderId: 'ORDER-2' }), Reason.NFC_FAULT, 'idle');
        return found.session;
      });
      if (probe.hookProblem('tap') === undefined) await readBlank(probe, 'after a PAY that failed');
      await now.accepted(now.status(), { state: 'idle', taps: 0, orderId: null });
      return 'the PAY was refused with reason 6, and the state was idle';
    },
  },
  {
    name: 'values are looked at before the NFC part',
    rules: ['R-29', 'R-31', 'R-28'],
    did: 'It broke the NFC part and sent PAYs with a wrong payment method, with a wrong amount, and with the longest expiry time.',
    expected: 'reasons 2, 3 and 6',
    needs: { hook: ['fault', 'repair'] },
    async run(probe) {
      const session = await probe.open();
      return withFault(probe, async () => {
        const unknown = payPayload({ ...SAMPLE, paymentMethod: 'CASH' as 'TRUEMONEY' });
        await session.refused(session.request(MessageType.PAY, unknown), Reason.UNKNOWN_PAYMENT_METHOD);
        await session.refused(session.pay({ amount: 'x' }), Reason.BAD_VALUE);
        await session.refused(session.pay({ expiryTime: LONGEST_EXPIRY }), Reason.NFC_FAULT);
        await session.accepted(session.status());
        return 'they were refused with reasons 2, 3 and 6';
      });
    },
  },
];
