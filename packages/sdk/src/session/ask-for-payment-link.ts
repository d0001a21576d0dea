import { Reason, type StatusAccepted } from '@bluetap/protocol';
import { TransportError } from '@bluetap/transport';
import type { Scope } from '../common/scope.js';
import type { PaymentLinkStatus } from '../common/types.js';
import { statusOf } from './ask-status.js';
import { exchange } from './exchange.js';
import type { HostSessions } from './host-sessions.js';
import { COPIES, REPLY_TIMEOUT_MS } from './timing.js';

/**
 * Asks with STATUS what the payment link is, without the program having asked: after a LINK that got lost, and to find
 * out whether the device is still there. It asks in the session that is open, or not at all. A device that does not
 * answer is gone: its channel is given up. A session that another host has taken is left to it, and no HELLO goes out
 * before the next call. docs/protocol.md section 4. Never rejects.
 * @returns Undefined when the device says nothing of its payment link.
 */
export async function askForPaymentLink(sessions: HostSessions, scope: Scope): Promise<PaymentLinkStatus | undefined> {
  const { current: session } = sessions;
  const sequence = session?.sequenceOfRepeatedStatus();
  if (!session || sequence === undefined) return undefined;
  const { channel, hello } = session;
  const reply = await exchange(channel, { type: 'STATUS', session: hello.session, sequence }, () => {}, scope)
    // The channel was lost, which is told already, or the client is closing.
    .catch(() => null);
  if (reply?.result === 'SUCCESS') return statusOf(reply as StatusAccepted, session.since);
  if (reply?.result && isOfAnotherSession(reply.reason)) {
    if (sessions.current === session) sessions.drop(false);
  } else if (reply === undefined) {
    const text = `${hello.serialNumber} at ${channel.device.id} has not answered STATUS for ${COPIES * REPLY_TIMEOUT_MS} ms: the connection has died, or the device hangs`;
    channel.giveUp(new TransportError('disconnected', text));
  }
  return undefined;
}

function isOfAnotherSession(reason: number): boolean {
  return reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
}
