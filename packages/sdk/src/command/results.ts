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

/** What is said of a command: one function for each way in which it can end. docs/protocol.md section 4. */

/** What LINK has said since the reply counts: a result never says of a payment link what is known to be over. */
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
  const result = { code, outcome, linkLive, pending, state, remaining: reply.remaining, attempt } as const;
  return since ? { ...result, remaining: state === 'ready' ? reply.remaining : 0, taps: since.taps } : result;
}

/** The device will not. */
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

/** As `refused`, for a refusal that is told later: the payment link can have changed by then. */
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
 * @param why An error of ours, a transport's, or the reason of the caller's own signal, which can be anything: an error with
 * SUCCESS, too. What is not ours, or says what cannot be, becomes the cause, with its own words.
 */
export function notSent(type: Attempt['command'], why: unknown): CommandNotSent {
  const ours = why instanceof BlueTapError && NOT_SENT.includes(why.code);
  const error = ours ? why : new BlueTapError(ResultCode.PROCESS_FAIL, asError(why).message, { cause: why });
  const code = error.code as CommandNotSent['code'];
  // A CANCEL that was never sent leaves whatever link there is.
  return { code, outcome: 'not-sent', linkLive: type === 'PAY' ? 'no' : 'unknown', pending: false, error };
}

/** The result of a command that failed with an unexpected error: its outcome is unknown. */
export function unforeseen(cause: unknown): CommandUnknown {
  const text = `Something unforeseen failed, so ask the acquirer before you send it again: ${asError(cause).message}`;
  const error = new BlueTapError(ResultCode.UNKNOWN_EXCEPTION, text, { cause });
  return { code: ResultCode.UNKNOWN_EXCEPTION, outcome: 'unknown', linkLive: 'unknown', pending: false, error };
}

/**
 * What the device's answer to HELLO came to.
 * @param cause Why no reply came.
 * @param contradiction What the device says that cannot be true.
 */
export function settled(
  attempt: Attempt,
  facts: Facts,
  { serialNumber, state, taps }: Seen & { readonly taps: number },
  cause: Error | undefined,
  contradiction: string | undefined,
): CommandExecuted | CommandNotExecuted | CommandUnknown {
  const { outcome, linkLive } = facts;
  // What another device shows says nothing of this one.
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

/** The call ends before the device has said what became of its command. */
export function leftInDoubt(attempt: Attempt, open: boolean, cause: Error, scope: Scope): CommandUnknown {
  const { command, serialNumber } = attempt;
  const code = open ? ResultCode.UNKNOWN_EXCEPTION : ResultCode.DEVICE_DISCONNECTED;
  // A call that its program gave up says nothing of a device, which may have been about to answer.
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
