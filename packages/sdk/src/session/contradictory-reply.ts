import { type HelloAccepted, type PayAccepted, Reason, type Reply } from '@bluetap/protocol';

/**
 * Finds replies in which a device breaks the rules of docs/protocol.md section 4, so that its statements cannot all be
 * true. A reply that contradicts itself is not believed.
 */

/** An earlier session of this host. */
export interface EarlierSession {
  readonly hello: Pick<HelloAccepted, 'serialNumber' | 'bootId' | 'session'>;
}

/** How many sessions are remembered. A reply that is late by more sessions than this was given up long ago. */
export const REMEMBERED_SESSIONS = 16;

/**
 * Finds a contradiction in a reply, or between a reply and the earlier sessions.
 * @param earlier The earlier sessions, also of other devices and other starts, which can take turns on one channel.
 * @returns The words that follow "the device". Undefined if there is no contradiction.
 */
export function contradictionInReply(reply: Reply, earlier: readonly EarlierSession[]): string | undefined {
  const { type, result, state } = reply;
  if (result !== 'SUCCESS') {
    const failed = type === 'PAY_REPLY' && reply.reason === Reason.NFC_FAULT && state === 'ready';
    return failed ? 'says that its NFC part failed at PAY, and that a payment link is live' : undefined;
  }
  if (type === 'CANCEL_REPLY') {
    return state === 'ready' ? 'says that it has executed CANCEL, and that the payment link is live' : undefined;
  }
  if (type === 'PAY_REPLY') {
    const { remaining } = reply as PayAccepted;
    return state !== 'ready' && remaining > 0
      ? 'says that the payment link is over, and that it has time left'
      : undefined;
  }
  return type === 'HELLO_REPLY' ? contradictionInHello(reply as HelloAccepted, earlier) : undefined;
}

function contradictionInHello(
  { session, serialNumber, bootId, lastCommand }: HelloAccepted,
  earlier: readonly EarlierSession[],
): string | undefined {
  // Otherwise a late reply to a command of the earlier session would pass for the reply to a later command.
  const again = earlier.some(
    ({ hello }) => hello.session === session && hello.serialNumber === serialNumber && hello.bootId === bootId,
  );
  if (again) {
    return `has opened session ${session} again, although this number was used before`;
  }
  if (lastCommand?.session === session)
    return `has opened session ${session}, and executed a command in it before that`;
  return undefined;
}
