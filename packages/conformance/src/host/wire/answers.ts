import type { HelloAccepted, Message, PayAccepted, Refused, Reply } from '@bluetap/protocol';
import { Reason } from '@bluetap/protocol';

/** What the host knows of a session that it has had. */
export interface KnownSession {
  readonly session: number;
  readonly serialNumber: string;
  readonly bootId: number;
}

/** How many sessions a host remembers. docs/protocol.md section 4, Contradictions. */
const REMEMBERED_SESSIONS = 16;

/** True if a message is the reply to a request, and can be true. docs/protocol.md section 4. */
export function answers(request: Message, reply: Message, earlier: readonly KnownSession[]): boolean {
  if (reply.type !== `${request.type}_REPLY` || reply.sequence !== request.sequence) return false;
  if (request.type === 'HELLO') return answersHello(request.nonce, reply as Reply, earlier);
  return reply.session === request.session && canBeTrue(reply as Reply);
}

function answersHello(nonce: number, reply: Reply, earlier: readonly KnownSession[]): boolean {
  if (reply.result !== 'SUCCESS') return (reply as Refused).session === 0;
  const { session, serialNumber, bootId, lastCommand, ...rest } = reply as HelloAccepted;
  if (rest.nonce !== nonce || session === 0 || session === lastCommand?.session) return false;
  return !earlier
    .slice(-REMEMBERED_SESSIONS)
    .some((known) => known.session === session && known.serialNumber === serialNumber && known.bootId === bootId);
}

/** False if the reply to a command contradicts itself. docs/protocol.md section 4, Contradictions. */
function canBeTrue(reply: Reply): boolean {
  const { type, result, state } = reply;
  if (result !== 'SUCCESS') {
    return !(type === 'PAY_REPLY' && (reply as Refused).reason === Reason.NFC_FAULT && state === 'ready');
  }
  if (type === 'CANCEL_REPLY') return state !== 'ready';
  if (type === 'PAY_REPLY') return state === 'ready' || (reply as PayAccepted).remaining === 0;
  return true;
}
