import type { HelloAccepted, Reply } from '@bluetap/protocol';
import type { Seen } from './delivery.js';
import type { Attempt } from './result.js';

/**
 * Where a device breaks the rules of docs/protocol.md section 4 so that its host can see it: what it says cannot all be true.
 * What contradicts itself is not believed. Each of these gives what is wrong, in words after "the device"; undefined: nothing.
 */

/** The sessions that this host has had with one device since that started, the latest last. */
export interface EarlierSessions {
  readonly serialNumber: string;
  readonly bootId: number;
  readonly numbers: readonly number[];
}

/** How many numbers of sessions are remembered: a reply that is late by more of them has long been given up. */
const REMEMBERED_SESSIONS = 16;

/** The same with one session more. */
export function withSession(
  earlier: EarlierSessions | undefined,
  { serialNumber, bootId, session }: HelloAccepted,
): EarlierSessions {
  const known = earlier?.serialNumber === serialNumber && earlier.bootId === bootId ? earlier.numbers : [];
  return { serialNumber, bootId, numbers: [...known, session].slice(-REMEMBERED_SESSIONS) };
}

/** Of a reply, by itself and beside the sessions before it. */
export function contradictionInReply(reply: Reply, earlier: EarlierSessions | undefined): string | undefined {
  if (reply.result !== 'SUCCESS') return undefined;
  if (reply.type === 'CANCEL_REPLY' && reply.state === 'ready') {
    return 'says that it has executed CANCEL, and that the link is live';
  }
  if (reply.type !== 'HELLO_REPLY') return undefined;
  const { session, serialNumber, bootId, lastCommand } = reply as HelloAccepted;
  const same = earlier?.serialNumber === serialNumber && earlier.bootId === bootId;
  // A late reply to a command of the session before would pass for that of a command which is still to come.
  if (same && earlier.numbers.includes(session)) return `has opened session ${session} anew, which it has had before`;
  if (lastCommand?.session === session) return `has opened session ${session}, and executed a command in it before`;
  return undefined;
}

/**
 * Of the answer to HELLO, as far as it is to settle an attempt.
 * @param lineStayed Whether the line on which the attempt was sent has stayed open, so that no replug hides a restart.
 */
export function contradictionOverDoubt(
  { command, serialNumber, bootId, session, sequence, last }: Attempt,
  seen: Seen,
  lineStayed: boolean,
): string | undefined {
  if (seen.serialNumber !== serialNumber) return undefined;
  const { lastCommand, state } = seen;
  if (seen.bootId !== bootId) {
    if (state !== 'ready') return undefined;
    if (!lastCommand) return 'says that it has restarted and executed nothing since, and that a link is live';
    return lineStayed ? 'says that it has restarted, and that a link is live, on a line that stayed open' : undefined;
  }
  if (!lastCommand) {
    return last ? 'says that it has not restarted, and has forgotten the command that it executed last' : undefined;
  }
  if (lastCommand.session !== session || lastCommand.sequence > sequence) return undefined;
  if (lastCommand.sequence === sequence) {
    const cancelled = command === 'CANCEL' && state === 'ready';
    return cancelled ? 'says that it has executed CANCEL, and that the link is live' : undefined;
  }
  if (last?.session === session && last.sequence === lastCommand.sequence) return undefined;
  return 'names a last command of this session that it never reported to have executed';
}
