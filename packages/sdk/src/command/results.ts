import type { CancelAccepted, PayAccepted, Refused } from '@bluetap/protocol';
import { describeReason } from '../common/describe-reason.js';
import { BlueTapError } from '../common/errors.js';
import { asError, type Scope } from '../common/scope.js';
import { type Attempt, type CommandResult, type Facts, ResultCode } from '../common/types.js';
import type { HostSession } from '../session/host-session.js';
import { linkLiveAfter, type Seen } from './outcome-rules.js';

/** What is said of a command: one function for each way in which it can end. docs/protocol.md section 4. */

/** What LINK has said since the reply counts: a result never says of a payment link what is known to be over. */
export function executed(attempt: Attempt, reply: PayAccepted | CancelAccepted, session: HostSession): CommandResult {
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
): CommandResult {
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

/** As `refused`, for a refusal that is not told at once: what it says of the payment link can be over by then. */
export function refusedEarlier(attempt: Attempt, refusal: Refused, session: HostSession): CommandResult {
  const { state: _, ...result } = refused(attempt, refusal, session);
  return { ...result, linkLive: attempt.command === 'PAY' ? 'no' : 'unknown' };
}

/** The result of a command of which no byte left this host. */
export function notSent(type: Attempt['command'], why: unknown): CommandResult {
  const error = asError(why);
  const code = error instanceof BlueTapError ? error.code : ResultCode.PROCESS_FAIL;
  // A CANCEL that was never sent leaves whatever link there is.
  return { code, outcome: 'not-sent', linkLive: type === 'PAY' ? 'no' : 'unknown', pending: false, error };
}

/** The result of a command that failed in a way that nobody foresaw: nothing is claimed of it. */
export function unforeseen(cause: unknown): CommandResult {
  const text = `Something unforeseen failed: ${asError(cause).message}`;
  const error = new BlueTapError(ResultCode.UNKNOWN_EXCEPTION, text, { cause });
  return { code: ResultCode.UNKNOWN_EXCEPTION, outcome: 'unknown', linkLive: 'unknown', pending: false, error };
}

/**
 * What the device's answer to HELLO came to.
 * @param cause Why no reply came.
 * @param contradiction What the device says that cannot be true.
 */
export function resultOfFacts(
  facts: Facts,
  { serialNumber }: Seen,
  cause: Error | undefined,
  contradiction: string | undefined,
): Facts & { code: ResultCode; error?: Error } {
  if (facts.outcome === 'executed') return { ...facts, code: ResultCode.SUCCESS };
  const [code, text] = contradiction
    ? [
        ResultCode.UNKNOWN_EXCEPTION,
        `No reply came that can be believed, and ${serialNumber} contradicts itself: it ${contradiction}.`,
      ]
    : facts.outcome === 'not-executed'
      ? [ResultCode.PROCESS_FAIL, 'No reply came, and the device says that it did not execute the command.']
      : facts.pending
        ? [
            ResultCode.DEVICE_DISCONNECTED,
            'No reply came, and another device answers now: whether the first one executed the command is not known.',
          ]
        : [
            ResultCode.UNKNOWN_EXCEPTION,
            'No reply came, and the device cannot tell any more: it restarted, or another host has used it since.',
          ];
  return { ...facts, code, error: new BlueTapError(code, text, { cause }) };
}

/** The call ends before the device has said what became of its command. */
export function leftInDoubt(attempt: Attempt, open: boolean, cause: Error, scope: Scope): CommandResult {
  const { command, serialNumber } = attempt;
  const code = open ? ResultCode.UNKNOWN_EXCEPTION : ResultCode.DEVICE_DISCONNECTED;
  // A call that its program gave up says nothing of a device, which may have been about to answer.
  const what = !open
    ? `but ${serialNumber} is gone`
    : scope.timeWasUp
      ? `but ${serialNumber} has not answered`
      : `and the call was given up before ${serialNumber} answered`;
  const text = `${command} was sent, ${what}: whether it was executed is not known yet. ${cause.message}`;
  return {
    code,
    outcome: 'unknown',
    linkLive: 'unknown',
    pending: true,
    attempt,
    error: new BlueTapError(code, text, { cause }),
  };
}
