import type { Attempt } from '@bluetap/sdk';
import type { Id, State, WireMessage } from '../wire/wire-message.js';

/** What docs/protocol.md section 4, Contradictions, says that a host must not believe. */

const SESSIONS = 65535;

/** True if the reply to a command cannot be true. */
export function cannotBeTrue({ type, result, reason, state, remaining }: WireMessage): boolean {
  if (type === 'CANCEL_REPLY') return result === 'SUCCESS' && state === 'ready';
  if (type !== 'PAY_REPLY') return false;
  return result === 'SUCCESS' ? state !== 'ready' && remaining! > 0 : reason === 6 && state === 'ready';
}

/**
 * True if the reply to HELLO cannot be true about a command in doubt. The rule for a line that stays open is not here.
 * @param state The newest state that the device has said.
 */
export function isFalseAbout(attempt: Attempt, hello: WireMessage, state: State): boolean {
  const { lastCommand: last } = hello;
  if (hello.serialNumber !== attempt.serialNumber) return false;
  if (!last && state !== 'idle') return true;
  if (hello.bootId !== attempt.bootId) return false;
  if (!last) return attempt.last !== null;
  if (isSame(last, attempt.last)) return false;
  if (isSame(last, attempt)) return attempt.command === 'CANCEL' && state === 'ready';
  if (last.session === attempt.session) return last.sequence < attempt.sequence;
  return stepsFrom(attempt, last) > stepsFrom(attempt, hello);
}

function isSame(one: Id, other: Id | null): boolean {
  return one.session === other?.session && one.sequence === other.sequence;
}

/** How many sessions after that of `from` this one was opened. After 65535 comes 1. */
function stepsFrom(from: Id, { session }: Id): number {
  return (session - from.session + SESSIONS) % SESSIONS;
}
