import type { CommandId } from '@bluetap/protocol';
import { show } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import { abortable, asError, type Scope } from '../common/scope.js';
import { type Attempt, ResultCode } from '../common/types.js';
import type { HostSession } from '../session/host-session.js';
import type { NumberedCommand } from './validate.js';

export const NO_ATTEMPT = 'is not an attempt that onAttempt received';

/**
 * Returns copies of these attempts.
 * @throws TypeError that names the position of a value that is not an attempt.
 */
export function checkAttempts(given: readonly unknown[]): readonly Attempt[] {
  // Not `map`, which skips the holes of an array.
  return Array.from(given, (each, at) => {
    const attempt = attemptFrom(each);
    if (!attempt) throw new TypeError(`pendingAttempts[${at}] is ${show(each)}, which ${NO_ATTEMPT}`);
    return attempt;
  });
}

/**
 * Returns a copy of an attempt that `onAttempt` received. Returns undefined for a value that cannot be one, such as
 * most data from a damaged file. Each property is read by its name, once, because the program may keep the attempt
 * behind a Proxy or add properties. Never throws.
 */
export function attemptFrom(value: unknown): Attempt | undefined {
  try {
    const { command, oneOrder, serialNumber, bootId, session, sequence, last } = Object(value) as Attempt;
    const latest = last === null ? null : commandIdOf(last);
    const attempt = { command, serialNumber, bootId, session, sequence, last: latest };
    return isAttempt(attempt) ? { ...attempt, ...(oneOrder && { oneOrder: true as const }) } : undefined;
  } catch {
    return undefined;
  }
}

function commandIdOf(value: unknown): CommandId {
  const { session, sequence } = Object(value) as CommandId;
  return { session, sequence };
}

function isAttempt({ command, serialNumber, bootId, last, ...id }: Attempt): boolean {
  return (
    (command === 'PAY' || command === 'CANCEL') &&
    typeof serialNumber === 'string' &&
    Number.isInteger(bootId) &&
    isCommandId(id) &&
    (last === null || isCommandId(last))
  );
}

function isCommandId({ session, sequence }: CommandId): boolean {
  return Number.isInteger(session) && Number.isInteger(sequence);
}

/** Returns a copy of an attempt, for the program. */
export function copyOf({ command, oneOrder, serialNumber, bootId, session, sequence, last }: Attempt): Attempt {
  const copy: Attempt = { command, serialNumber, bootId, session, sequence, last: last && commandIdOf(last) };
  return oneOrder ? { ...copy, oneOrder } : copy;
}

/** Called before the first byte of each attempt leaves. The delivery waits for it. */
export type OnAttempt = (attempt: Attempt) => unknown;

/** Returns the attempt of a numbered command: the facts that are known before its reply. */
export function attemptOf(command: NumberedCommand, session: HostSession): Attempt {
  const { serialNumber, bootId } = session.hello;
  const attempt: Attempt = {
    command: command.type,
    serialNumber,
    bootId,
    session: command.session,
    sequence: command.sequence,
    last: session.lastCommand && commandIdOf(session.lastCommand),
  };
  return command.type === 'CANCEL' && command.orderId !== undefined ? { ...attempt, oneOrder: true } : attempt;
}

/**
 * Passes the attempt to the program, and waits until the program has stored it.
 * @throws BlueTapError if the program could not store it, or the scope's reason.
 */
export async function tellAttempt(attempt: Attempt, onAttempt: OnAttempt, scope: Scope): Promise<void> {
  // The caller of `pay` gets its promise first.
  await undefined;
  scope.throwIfAborted();
  try {
    // A copy, so that a change by the program has no effect here.
    await abortable(Promise.resolve(onAttempt(copyOf(attempt))), scope);
  } catch (cause) {
    scope.throwIfAborted();
    const text = `onAttempt failed, so nothing was sent: ${asError(cause).message}`;
    throw new BlueTapError(ResultCode.PROCESS_FAIL, text, { cause });
  }
}
