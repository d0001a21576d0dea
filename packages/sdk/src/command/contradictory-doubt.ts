import type { HelloAccepted } from '@bluetap/protocol';
import type { Attempt } from '../common/types.js';

const LAST_SESSION = 65535;

/** The facts of a device in a new session that the decision about a doubt needs. */
export type Seen = Pick<HelloAccepted, 'serialNumber' | 'bootId' | 'session' | 'lastCommand' | 'state'>;

/**
 * Finds a contradiction in the reply to HELLO that matters for an attempt in doubt. A reply that contradicts itself is
 * not believed.
 * @param lineStayed True if the channel on which the attempt was sent has stayed open, so that no replug hides a
 * restart.
 * @returns The words that follow "the device". Undefined if there is no contradiction.
 */
export function contradictionOverDoubt(
  { command, serialNumber, bootId, session, sequence, last }: Attempt,
  seen: Seen,
  lineStayed: boolean,
): string | undefined {
  if (seen.serialNumber !== serialNumber) return undefined;
  const { lastCommand, state } = seen;
  if (!lastCommand && state !== 'idle')
    return 'says that it has executed nothing since it started, and has shown a payment link';
  if (seen.bootId !== bootId) {
    if (state !== 'ready') return undefined;
    return lineStayed
      ? 'says that it has restarted, and that a payment link is live, on a line that stayed open'
      : undefined;
  }
  if (!lastCommand) {
    return last ? 'says that it has not restarted, and has forgotten the command that it executed last' : undefined;
  }
  if (lastCommand.session !== session) {
    const known = last?.session === lastCommand.session && last.sequence === lastCommand.sequence;
    const later = stepsTo(lastCommand.session, session) <= stepsTo(seen.session, session);
    return known || later ? undefined : 'names a last command of a session before the one in which it was asked';
  }
  if (lastCommand.sequence > sequence) return undefined;
  if (lastCommand.sequence === sequence) {
    const cancelled = command === 'CANCEL' && state === 'ready';
    return cancelled ? 'says that it has executed CANCEL, and that the payment link is live' : undefined;
  }
  if (last?.session === session && last.sequence === lastCommand.sequence) return undefined;
  return 'names a last command of this session that it never reported to have executed';
}

/** Returns how many sessions after `from` a session was opened. The numbers count up, and 1 follows 65535. */
function stepsTo(session: number, from: number): number {
  return (session - from + LAST_SESSION) % LAST_SESSION;
}
