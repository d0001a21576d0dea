import type { CommandId } from '@bluetap/protocol';
import { show } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import { abortable, asError, type Scope } from '../common/scope.js';
import { type Attempt, ResultCode } from '../common/types.js';
import type { HostSession } from '../session/host-session.js';
import type { NumberedCommand } from './validate.js';

export const NO_ATTEMPT = 'is no attempt that onAttempt was given';

/** Copies of these attempts. @throws TypeError that names the place of a value that is not an attempt. */
export function checkAttempts(given: readonly unknown[]): readonly Attempt[] {
  // Not `map`, which passes over the holes of an array.
  return Array.from(given, (each, at) => {
    const attempt = attemptFrom(each);
    if (!attempt) throw new TypeError(`pendingAttempts[${at}] is ${show(each)}, which ${NO_ATTEMPT}`);
    return attempt;
  });
}

/**
 * A copy of an attempt that `onAttempt` was given; undefined for what can be none: what a damaged file gave back mostly
 * is not. Each part is read by its name, once: the program may keep it behind a Proxy, or with more beside it. Never
 * throws.
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

/** A copy of an attempt of our own, to give away. */
export function copyOf({ command, oneOrder, serialNumber, bootId, session, sequence, last }: Attempt): Attempt {
  const copy: Attempt = { command, serialNumber, bootId, session, sequence, last: last && commandIdOf(last) };
  return oneOrder ? { ...copy, oneOrder } : copy;
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
    last: session.lastCommand && commandIdOf(session.lastCommand),
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
