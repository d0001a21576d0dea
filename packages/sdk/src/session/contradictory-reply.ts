import type { HelloAccepted, Reply } from '@bluetap/protocol';

/**
 * Where a device breaks the rules of docs/protocol.md section 4 so that its host can see it: what it says cannot all be true.
 * What contradicts itself is not believed.
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

/**
 * What a reply contradicts, by itself and beside the sessions before it.
 * @returns In words after "the device"; undefined: nothing.
 */
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
