import type { CommandId, PaymentLinkState } from '@bluetap/protocol';
import { Reason } from '@bluetap/protocol';
import { contradictionOverDoubt, type Seen } from './contradictory-doubt.js';

export type { Seen } from './contradictory-doubt.js';

import type { Attempt, Facts, LinkLive, Resolution } from '../common/types.js';

/**
 * The rules of docs/protocol.md section 4 that decide the outcome of a command, and whether it may be sent again. They
 * are only in this file. Each row has a test.
 */

/**
 * Decides the outcome of a command in doubt from the device's reply to HELLO.
 * @param lineStayed True if the channel on which the command was sent has stayed open.
 */
export function settleDoubt(attempt: Attempt, seen: Seen, lineStayed = false): Facts & Pick<Resolution, 'outcome'> {
  // The reply is not believed. But a device without a live payment link does not show the payment link of this attempt.
  if (contradictionOverDoubt(attempt, seen, lineStayed)) {
    return { outcome: 'unknown', linkLive: seen.state === 'ready' ? 'unknown' : 'no', pending: false };
  }
  if (seen.serialNumber !== attempt.serialNumber) return { outcome: 'unknown', linkLive: 'unknown', pending: true };
  // The payment link of a PAY ends at a restart of the device, and at a command of another host, which replaces or ends
  // it. But the payment link that is live now can be the one that a CANCEL had to end, if another host showed it before
  // the CANCEL came.
  const live = attempt.command === 'CANCEL' && seen.state === 'ready' ? 'unknown' : 'no';
  if (seen.bootId !== attempt.bootId) return { outcome: 'unknown', linkLive: live, pending: false };
  if (sameCommand(seen.lastCommand, attempt)) {
    return { outcome: 'executed', linkLive: linkLiveAfter(attempt, 'executed', seen.state), pending: false };
  }
  if (sameCommand(seen.lastCommand, attempt.last)) {
    return { outcome: 'not-executed', linkLive: linkLiveAfter(attempt, 'not-executed', seen.state), pending: false };
  }
  return { outcome: 'unknown', linkLive: live, pending: false };
}

/**
 * Decides whether the payment link of a command may be live, when the device has said the state of its payment link.
 */
export function linkLiveAfter(
  command: Pick<Attempt, 'command' | 'oneOrder'>,
  outcome: 'executed' | 'not-executed' | 'refused',
  state: PaymentLinkState,
  reason?: number,
): LinkLive {
  // A device that does not know the session can be another device, which is now at the end of the same line.
  if (command.command === 'CANCEL' && outcome === 'refused' && isOfTheCopy(reason)) return 'unknown';
  if (state !== 'ready') return 'no';
  if (command.command === 'PAY') return outcome === 'executed' ? 'yes' : 'no';
  // For a CANCEL, an order mismatch means that the live payment link belongs to another order.
  if (outcome === 'executed' || reason === Reason.ORDER_MISMATCH) return 'no';
  return command.oneOrder ? 'unknown' : 'yes';
}

/**
 * Decides what to do after a refusal.
 * - `final`: the refusal is about the command.
 * - `again`: this only copy was sent in a session that is not current, so the command was not executed. It may be sent
 *   again.
 * - `doubt`: the refusal is about one copy of several, and says nothing about the others.
 */
export function weighRefusal(reason: number, copies: number, helloUsed: boolean): 'final' | 'again' | 'doubt' {
  if (!isOfTheCopy(reason)) return 'final';
  if (copies > 1) return 'doubt';
  // Two hosts that each send HELLO again immediately would take the device from each other without end.
  return reason === Reason.NO_SUCH_SESSION && !helloUsed ? 'again' : 'final';
}

/** True if a refusal is about one copy in one session, and not about the command. */
function isOfTheCopy(reason: number | undefined): boolean {
  return reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
}

function sameCommand(a: CommandId | null | undefined, b: CommandId | null | undefined): boolean {
  return a?.session === b?.session && a?.sequence === b?.sequence;
}
