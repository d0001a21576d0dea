import { Reason, type StatusAccepted } from '@bluetap/protocol';
import { describeReason } from '../common/describe-reason.js';
import { BlueTapError } from '../common/errors.js';
import type { Scope } from '../common/scope.js';
import { type PaymentLinkEvent, type PaymentLinkStatus, ResultCode } from '../common/types.js';
import { exchange } from './exchange.js';
import type { HostSessions } from './host-sessions.js';

/**
 * Asks for the state of the payment link until there is a reply or the scope is aborted. STATUS changes nothing. So,
 * unlike a command, it can be sent again at any time, also in a new session.
 * @throws BlueTapError if the device refuses, or the scope's reason.
 */
export async function askStatus(sessions: HostSessions, scope: Scope): Promise<PaymentLinkStatus> {
  let helloUsed = false;
  for (;;) {
    const session = await sessions.obtain(scope);
    const reply = await exchange(
      session.channel,
      { type: 'STATUS', session: session.hello.session, sequence: session.next() },
      () => {},
      scope,
    ).catch(() => {
      if (scope.aborted) throw unanswered(session.hello.serialNumber, scope);
    });
    if (reply?.result === 'SUCCESS') return statusOf(reply as StatusAccepted, session.since);
    if (reply) {
      const { result, reason } = reply;
      const sessionGone = reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
      if (!sessionGone || helloUsed) {
        if (sessionGone) sessions.drop(false);
        const text = `${session.hello.serialNumber} refused STATUS: ${describeReason(reason)} (reason ${reason}).`;
        throw new BlueTapError(result, text, { reason });
      }
      helloUsed = true;
    }
    // The device did not answer in this session, or the session is not current any more.
    if (sessions.current === session) sessions.drop(true);
  }
}

/**
 * Returns the status of the payment link from the reply to STATUS, or from a LINK message that came after the reply.
 */
export function statusOf(
  { type, session, sequence, result, ...status }: StatusAccepted,
  since?: PaymentLinkEvent,
): PaymentLinkStatus {
  if (since && since.state !== 'ready') return { state: since.state, taps: since.taps };
  return { ...status, taps: since?.taps ?? status.taps ?? 0 };
}

/**
 * An abort by the time limit or by `close` becomes an error of the SDK. A reason of the caller is returned unchanged.
 */
function unanswered(serialNumber: string, { reason, timeWasUp }: Scope): unknown {
  if (!(reason instanceof BlueTapError)) return reason;
  const what = timeWasUp
    ? `${serialNumber} has not answered STATUS. If it goes on, power it off and on.`
    : `STATUS was given up before ${serialNumber} answered.`;
  const text = `${what} ${reason.message}`;
  return new BlueTapError(ResultCode.UNKNOWN_EXCEPTION, text, { cause: reason });
}
