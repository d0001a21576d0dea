import { TransportError } from '../transport-error.js';
import { stoodStill } from './deadline.js';

/**
 * The `permission-denied` error for the device that `what` names. `advice` says what a person can do on this system.
 */
export function permissionDenied(what: string, advice: string, cause: unknown): TransportError {
  return new TransportError('permission-denied', `this user may not open ${what}: ${advice}`, { cause });
}

/** The `busy` error for the device that `what` names. `holders` says which programs to close. */
export function busy(what: string, holders: string, cause: unknown): TransportError {
  return new TransportError('busy', `${what} is held by another program: close ${holders}`, { cause });
}

/** The `disconnected` error for the device that `what` names: it was disconnected while the channel was open. */
export function unplugged(what: string, cause?: unknown): TransportError {
  return new TransportError('disconnected', `${what} was unplugged, or the system took it away: plug it in again`, {
    cause,
  });
}

/** The `not-found` error for the device that `what` names: it was in the list, and is no longer there. */
export function notThere(what: string, cause?: unknown): TransportError {
  return new TransportError('not-found', `${what} is not there: check the cable, and what \`bluetap list\` shows`, {
    cause,
  });
}

/**
 * The `timeout` error for a native library that did not answer within `ms` milliseconds. `what` names the call.
 * @param stoodStillMs How long this program was blocked, in milliseconds. 0 if it was not blocked.
 */
export function noAnswer(what: string, ms: number, stoodStillMs = 0): TransportError {
  const text = `${what} took longer than ${ms} ms: plug the device in again`;
  return new TransportError('timeout', `${text}${stoodStill(stoodStillMs)}`);
}
