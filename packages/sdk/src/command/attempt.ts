import type { CommandId } from '@bluetap/protocol';
import { show } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import { abortable, asError, type Scope } from '../common/scope.js';
import { type Attempt, ResultCode } from '../common/types.js';
import type { HostSession } from '../session/host-session.js';
import type { NumberedCommand } from './validate.js';

export const NO_ATTEMPT = 'is no attempt that onAttempt was given';

/** The same attempts. @throws TypeError that names one that is none by its place. */
export function checkAttempts(given: readonly unknown[]): readonly Attempt[] {
  return given.map((each, at) => {
    if (!isAttempt(each)) throw new TypeError(`attempts[${at}] is ${show(each)}, which ${NO_ATTEMPT}`);
    return each;
  });
}

/** Whether this can be an attempt that `onAttempt` was given; what a damaged file gave back mostly is not. */
export function isAttempt(value: unknown): value is Attempt {
  const { command, serialNumber, bootId, last, ...id } = Object(value) as Attempt;
  return (
    (command === 'PAY' || command === 'CANCEL') &&
    typeof serialNumber === 'string' &&
    Number.isInteger(bootId) &&
    isCommandId(id) &&
    (last === null || isCommandId(last))
  );
}

function isCommandId(value: unknown): value is CommandId {
  const { session, sequence } = Object(value) as CommandId;
  return Number.isInteger(session) && Number.isInteger(sequence);
}

/** A copy, field by field: the original can be a proxy, as Vue makes one, or hold more than belongs there. */
export function copyOf({ command, oneOrder, serialNumber, bootId, session, sequence, last }: Attempt): Attempt {
  const copy: Attempt = { command, serialNumber, bootId, session, sequence, last: last && copyOfId(last) };
  return oneOrder ? { ...copy, oneOrder } : copy;
}

function copyOfId({ session, sequence }: CommandId): CommandId {
  return { session, sequence };
}

/** Told before the first byte of each attempt leaves; delivery waits for it. */
export type OnAttempt = (attempt: Attempt) => unknown;

/** What is known of a numbered command before its reply. */
export function attemptOf(command: NumberedCommand, session: HostSession): Attempt {
  const { serialNumber, bootId } = session.hello;
  const attempt: Attempt = {
    command: command.type,
    serialNumber,
    bootId,
    session: command.session,
    sequence: command.sequence,
    last: session.lastCommand && copyOfId(session.lastCommand),
  };
  return command.type === 'CANCEL' && command.orderId !== undefined ? { ...attempt, oneOrder: true } : attempt;
}

/**
 * Tells the program, and waits until it has written the attempt down.
 * @throws BlueTapError when it could not, or the scope's reason.
 */
export async function tellAttempt(attempt: Attempt, onAttempt: OnAttempt, scope: Scope): Promise<void> {
  // The caller of `pay` has its promise first.
  await undefined;
  scope.throwIfAborted();
  try {
    // A copy: whatever the program makes of it changes nothing of what is known here.
    await abortable(Promise.resolve(onAttempt(copyOf(attempt))), scope);
  } catch (cause) {
    scope.throwIfAborted();
    const text = `onAttempt failed, so nothing was sent: ${asError(cause).message}`;
    throw new BlueTapError(ResultCode.PROCESS_FAIL, text, { cause });
  }
}
