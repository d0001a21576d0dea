import { Reason, type StatusAccepted } from '@bluetap/protocol';
import { TransportError } from '@bluetap/transport';
import type { Scope } from '../common/scope.js';
import type { PaymentLinkStatus } from '../common/types.js';
import { statusOf } from './ask-status.js';
import { exchange } from './exchange.js';
import type { HostSessions } from './host-sessions.js';
import { COPIES, REPLY_TIMEOUT_MS } from './timing.js';

/**
 * Asks with STATUS for the payment link, without a call of the program: after a lost LINK message, and to check whether
 * the device is still there. It asks only in the session that is open. If the device does not answer, it is treated as
 * disconnected: its channel is given up. If another host has taken the session, that host keeps it, and no HELLO is
 * sent before the next call. docs/protocol.md section 4. Never rejects.
 * @returns What the reply says: the LINK messages behind it are told after it. Undefined if the device does not describe
 * its payment link.
 */
export async function askForPaymentLink(sessions: HostSessions, scope: Scope): Promise<PaymentLinkStatus | undefined> {
  const { current: session } = sessions;
  const sequence = session?.sequenceOfRepeatedStatus();
  if (!session || sequence === undefined) return undefined;
  const { channel, hello } = session;
  const reply = await exchange(channel, { type: 'STATUS', session: hello.session, sequence }, () => {}, scope)
    // The channel was lost, which the program already knows, or the client is closing.
    .catch(() => null);
  if (reply?.result === 'SUCCESS') return statusOf(reply as StatusAccepted);
  if (reply?.result && isOfAnotherSession(reply.reason)) {
    if (sessions.current === session) sessions.drop(false);
  } else if (reply === undefined) {
    const text = `${hello.serialNumber} at ${channel.device.id} has not answered STATUS for ${COPIES * REPLY_TIMEOUT_MS} ms: the connection is broken, or the device hangs`;
    channel.giveUp(new TransportError('disconnected', text));
  }
  return undefined;
}

function isOfAnotherSession(reason: number): boolean {
  return reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
}
