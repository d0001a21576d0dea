import { type HelloAccepted, type PayAccepted, Reason, type Reply } from '@bluetap/protocol';

/**
 * Where a device breaks the rules of docs/protocol.md section 4 so that its host can see it: what it says cannot all be true.
 * What contradicts itself is not believed.
 */

/** A session that this host has had. */
export interface EarlierSession {
  readonly hello: Pick<HelloAccepted, 'serialNumber' | 'bootId' | 'session'>;
}

/** How many sessions are remembered: a reply that is late by more of them has long been given up. */
export const REMEMBERED_SESSIONS = 16;

/**
 * What a reply contradicts, by itself and beside the sessions before it.
 * @param earlier Those of other devices and other starts too: behind one line they can take turns.
 * @returns In words after "the device"; undefined: nothing.
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
      ? 'says that the payment link is over, and that time remains of it'
      : undefined;
  }
  return type === 'HELLO_REPLY' ? contradictionInHello(reply as HelloAccepted, earlier) : undefined;
}

function contradictionInHello(
  { session, serialNumber, bootId, lastCommand }: HelloAccepted,
  earlier: readonly EarlierSession[],
): string | undefined {
  // A late reply to a command of the session before would pass for that of a command which is still to come.
  const again = earlier.some(
    ({ hello }) => hello.session === session && hello.serialNumber === serialNumber && hello.bootId === bootId,
  );
  if (again) {
    return `has opened session ${session} again, which it has had before`;
  }
  if (lastCommand?.session === session) return `has opened session ${session}, and executed a command in it before`;
  return undefined;
}
