import type { CommandId } from '@bluetap/protocol';
import { show } from '@bluetap/transport/kit';
import type { Attempt } from './result.js';

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
