import type { CommandId, PaymentLinkState } from '@bluetap/protocol';
import { Reason } from '@bluetap/protocol';
import { contradictionOverDoubt, type Seen } from './contradictory-doubt.js';

export type { Seen } from './contradictory-doubt.js';

import type { Attempt, Facts, LinkLive, Resolution } from '../common/types.js';

/**
 * The rules of docs/protocol.md section 4 that decide what is said of a command, and what may be sent again. They
 * stand here and nowhere else; each row has a test.
 */

/**
 * Reads the outcome of a command in doubt from the device's answer to HELLO.
 * @param lineStayed Whether the line on which it was sent has stayed open.
 */
export function settleDoubt(attempt: Attempt, seen: Seen, lineStayed = false): Facts & Pick<Resolution, 'outcome'> {
  // Nothing of it is believed; but no device that has no live payment link has one of this attempt.
  if (contradictionOverDoubt(attempt, seen, lineStayed)) {
    return { outcome: 'unknown', linkLive: seen.state === 'ready' ? 'unknown' : 'no', pending: false };
  }
  if (seen.serialNumber !== attempt.serialNumber) return { outcome: 'unknown', linkLive: 'unknown', pending: true };
  // No payment link of a PAY outlives a start of the device, or another host's command, which replaces or ends it. But
  // the payment link that is live now can be just the one that a CANCEL was to end, if another host showed it before
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

/** Whether the payment link of a command may be live, once the device has said in which state its payment link is. */
export function linkLiveAfter(
  command: Pick<Attempt, 'command' | 'oneOrder'>,
  outcome: 'executed' | 'not-executed' | 'refused',
  state: PaymentLinkState,
  reason?: number,
): LinkLive {
  if (state !== 'ready') return 'no';
  if (command.command === 'PAY') return outcome === 'executed' ? 'yes' : 'no';
  // A CANCEL. An order mismatch says that the live payment link belongs to another order.
  if (outcome === 'executed' || reason === Reason.ORDER_MISMATCH) return 'no';
  return command.oneOrder ? 'unknown' : 'yes';
}

/**
 * What to do about a refusal.
 * - `final`: it speaks of the command.
 * - `again`: this one copy met a session that is not current, so the command was not executed; it may be sent under a
 *   new number.
 * - `doubt`: it speaks of one copy of several, and says nothing of the others.
 */
export function weighRefusal(reason: number, copies: number, helloUsed: boolean): 'final' | 'again' | 'doubt' {
  if (reason !== Reason.NO_SUCH_SESSION && reason !== Reason.SEQUENCE_REUSED) return 'final';
  if (copies > 1) return 'doubt';
  // Two hosts that each send HELLO again immediately would take the device from each other without end.
  return reason === Reason.NO_SUCH_SESSION && !helloUsed ? 'again' : 'final';
}

function sameCommand(a: CommandId | null | undefined, b: CommandId | null | undefined): boolean {
  return a?.session === b?.session && a?.sequence === b?.sequence;
}
