import type { CancelAccepted, PayAccepted, Refused } from '@bluetap/protocol';
import type {
  CommandExecuted,
  CommandNotExecuted,
  CommandNotSent,
  CommandRefused,
  CommandUnknown,
} from '../common/command-result.js';
import { describeReason } from '../common/describe-reason.js';
import { BlueTapError } from '../common/errors.js';
import { asError, type Scope } from '../common/scope.js';
import { type Attempt, type Facts, ResultCode } from '../common/types.js';
import type { HostSession } from '../session/host-session.js';
import { linkLiveAfter, type Seen } from './outcome-rules.js';

/** The results of a command: one function for each way in which a command can end. docs/protocol.md section 4. */

/**
 * The result of an executed command. A LINK message after the reply counts, so that a result never calls a payment link
 * live when it is known to be over.
 */
export function executed(attempt: Attempt, reply: PayAccepted | CancelAccepted, session: HostSession): CommandExecuted {
  const { since, mostTaps } = session;
  const { state } = since ?? reply;
  const code = ResultCode.SUCCESS;
  const outcome = 'executed';
  const linkLive = linkLiveAfter(attempt, outcome, state);
  const pending = false;
  if (reply.type === 'CANCEL_REPLY') {
    return { code, outcome, linkLive, pending, state, taps: mostTaps, attempt };
  }
  const { remaining, previous } = reply;
  const told = previous && { previous };
  const result = { code, outcome, linkLive, pending, state, remaining, ...told, attempt } as const;
  return since ? { ...result, remaining: state === 'ready' ? reply.remaining : 0, taps: since.taps } : result;
}

/** The result of a command that the device refused. */
export function refused(
  attempt: Attempt,
  { result, reason, ...reply }: Refused,
  { since }: HostSession,
): CommandRefused {
  const text = `${attempt.serialNumber} refused ${attempt.command}: ${describeReason(reason)} (reason ${reason}).`;
  const { state } = since ?? reply;
  return {
    code: result,
    outcome: 'refused',
    linkLive: linkLiveAfter(attempt, 'refused', state, reason),
    pending: false,
    state,
    attempt,
    error: new BlueTapError(result, text, { reason }),
  };
}

/**
 * The result of a refusal that the program gets later. It leaves out the state of the payment link, because the state
 * can have changed since.
 */
export function refusedEarlier(attempt: Attempt, refusal: Refused, session: HostSession): CommandRefused {
  const { state: _, ...result } = refused(attempt, refusal, session);
  return { ...result, linkLive: attempt.command === 'PAY' ? 'no' : 'unknown' };
}

const NOT_SENT: readonly unknown[] = [
  ResultCode.PARAM_ILLEGAL,
  ResultCode.DEVICE_DISCONNECTED,
  ResultCode.PROCESS_FAIL,
] satisfies CommandNotSent['code'][];

/**
 * The result of a command of which no byte left this host.
 * @param why An error of the SDK, an error of a transport, or the reason of the caller's own signal, which can be any
 * value, also an error with SUCCESS. If the value is not an error of the SDK, or its code cannot be true, it becomes
 * the `cause` of the error, and its message becomes the message.
 */
export function notSent(type: Attempt['command'], why: unknown): CommandNotSent {
  const ours = why instanceof BlueTapError && NOT_SENT.includes(why.code);
  const error = ours ? why : new BlueTapError(ResultCode.PROCESS_FAIL, asError(why).message, { cause: why });
  const code = error.code as CommandNotSent['code'];
  // A CANCEL that was never sent changes no payment link.
  return { code, outcome: 'not-sent', linkLive: type === 'PAY' ? 'no' : 'unknown', pending: false, error };
}

/** The result of a command that failed in an unexpected way. It claims nothing about the command. */
export function unforeseen(cause: unknown): CommandUnknown {
  const text = `Something unexpected failed, so ask the acquirer before you send it again: ${asError(cause).message}`;
  const error = new BlueTapError(ResultCode.UNKNOWN_EXCEPTION, text, { cause });
  return { code: ResultCode.UNKNOWN_EXCEPTION, outcome: 'unknown', linkLive: 'unknown', pending: false, error };
}

/**
 * The result after the device's reply to HELLO settled the doubt, or left it open.
 * @param cause Why no reply came.
 * @param contradiction The contradiction in the device's reply, in the words that follow "the device".
 */
export function settled(
  attempt: Attempt,
  facts: Facts,
  { serialNumber, state, taps }: Seen & { readonly taps: number },
  cause: Error | undefined,
  contradiction: string | undefined,
): CommandExecuted | CommandNotExecuted | CommandUnknown {
  const { outcome, linkLive } = facts;
  // The payment link of another device says nothing about this device.
  const shown = facts.pending ? {} : { state, taps };
  if (outcome === 'executed') {
    return { outcome, linkLive, pending: false, code: ResultCode.SUCCESS, attempt, state, taps };
  }
  if (outcome === 'not-executed') {
    const code = ResultCode.PROCESS_FAIL;
    const text = 'No reply came, and the device says that it did not execute the command: send it again.';
    return {
      outcome,
      linkLive,
      pending: false,
      code,
      error: new BlueTapError(code, text, { cause }),
      attempt,
      state,
      taps,
    };
  }
  const code = facts.pending ? ResultCode.DEVICE_DISCONNECTED : ResultCode.UNKNOWN_EXCEPTION;
  const text = contradiction
    ? `No reply came that can be believed, and ${serialNumber} contradicts itself: it ${contradiction}. Ask the acquirer before you send it again.`
    : facts.pending
      ? 'No reply came, and another device answers now: whether the first one executed the command is not known. Connect the first one again.'
      : 'No reply came, and the device cannot tell any more: it restarted, or another host has used it since. Ask the acquirer before you send it again.';
  const error = new BlueTapError(code, text, { cause });
  return { outcome: 'unknown', linkLive, pending: facts.pending, code, error, attempt, ...shown };
}

/** The result of a call that ends before the device has said the outcome of its command. */
export function leftInDoubt(attempt: Attempt, open: boolean, cause: Error, scope: Scope): CommandUnknown {
  const { command, serialNumber } = attempt;
  const code = open ? ResultCode.UNKNOWN_EXCEPTION : ResultCode.DEVICE_DISCONNECTED;
  // If the program aborted the call, the message must not blame the device, which was perhaps about to answer.
  const what = !open
    ? `but ${serialNumber} is gone`
    : scope.timeWasUp
      ? `but ${serialNumber} has not answered`
      : `and the call was given up before ${serialNumber} answered`;
  const text = `${command} was sent, ${what}: whether it was executed is not known yet, so do not send it again. ${cause.message}`;
  return {
    code,
    outcome: 'unknown',
    linkLive: 'unknown',
    pending: true,
    attempt,
    error: new BlueTapError(code, text, { cause }),
  };
}
