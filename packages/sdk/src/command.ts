import {
  type CancelAccepted,
  type CancelCommand,
  type PayAccepted,
  type PayCommand,
  Reason,
  type Refused,
  type Reply,
} from '@bluetap/protocol';
import { abortable, asError, type Scope } from './abort.js';
import { linkAfter, settleDoubt, weighRefusal } from './delivery.js';
import { describeReason } from './describe-reason.js';
import type { Logger } from './logger.js';
import { type Attempt, BlueTapError, type CommandResult, type Facts, ResultCode } from './result.js';
import type { Session } from './session.js';
import type { SessionKeeper } from './session-keeper.js';

/** A validated command as the request that it becomes; numbered anew for each attempt. */
export type Command =
  | ({ readonly type: 'PAY' } & PayCommand & Numbers)
  | ({ readonly type: 'CANCEL' } & CancelCommand & Numbers);

interface Numbers {
  session: number;
  sequence: number;
}

/** Told before the first byte of each attempt leaves; delivery waits for it. */
export type OnAttempt = (attempt: Attempt) => unknown;

/** What a client's deliveries have in common. */
export interface Delivery {
  readonly keeper: SessionKeeper;
  readonly logger: Logger | undefined;
  /** Takes an attempt whose outcome has to be learnt in a later session. */
  readonly onDoubt: (attempt: Attempt) => void;
}

/**
 * Takes one command from a validated value to its result: gets a session, sends it, repeats the same bytes while no
 * reply comes, and when it stays in doubt asks through a new session. docs/protocol.md section 4. Never rejects.
 */
export function deliver(
  command: Command,
  delivery: Delivery,
  onAttempt: OnAttempt | undefined,
  scope: Scope,
): Promise<CommandResult> {
  return run(command, delivery, onAttempt, scope).catch(unforeseen);
}

async function run(
  command: Command,
  { keeper, logger, onDoubt }: Delivery,
  onAttempt: OnAttempt | undefined,
  scope: Scope,
): Promise<CommandResult> {
  /** What the first copy was answered, when it met a session that was not current. */
  let refusedOnce: CommandResult | undefined;
  for (;;) {
    let session: Session;
    let attempt: Attempt | undefined;
    try {
      scope.throwIfAborted();
      // Not awaited where it is there, and nobody is told: the bytes leave at once then.
      let usable = keeper.usable;
      if (!usable) usable = await keeper.ready(scope);
      session = usable;
      command.session = session.hello.session;
      command.sequence = session.next();
      if (onAttempt) {
        attempt = attemptOf(command, session);
        await tellAttempt(attempt, onAttempt, scope);
      }
    } catch (error) {
      return refusedOnce ?? notSent(command.type, scope.aborted ? scope.reason : error);
    }
    // While the program wrote the attempt down, its session may have gone; nothing of it was sent.
    if (keeper.session !== session) continue;

    let reply: Reply | undefined;
    let error: Error | undefined;
    let copies = 0;
    const replying = session.connection.exchange(command, () => copies++, scope);
    // Made while the bytes are on their way.
    attempt ??= attemptOf(command, session);
    try {
      reply = await replying;
    } catch (thrown) {
      error = asError(thrown);
    }
    if (reply?.result === 'SUCCESS') {
      session.lastCommand = { session: attempt.session, sequence: attempt.sequence };
      return executed(attempt, reply as PayAccepted | CancelAccepted);
    }
    if (reply) {
      const refusal = reply as Refused;
      const weight = weighRefusal(refusal.reason, copies, refusedOnce !== undefined);
      if (weight !== 'doubt') {
        if (refusal.reason === Reason.NO_SUCH_SESSION) keeper.drop(false);
        if (refusal.reason === Reason.SEQUENCE_REUSED) keeper.drop(true);
        if (weight === 'final') return refused(attempt, refusal);
        logger?.info('another host took the session; sending the command in a new one', { ...attempt });
        refusedOnce = refusedEarlier(attempt, refusal);
        continue;
      }
    }
    if (copies === 0) return refusedOnce ?? notSent(command.type, error);

    // From here on nothing is sent but HELLO. docs/protocol.md section 4.
    logger?.warn('no certain reply; asking the device through a new session', {
      ...attempt,
      copies,
      error: error?.message,
    });
    if (keeper.session === session) keeper.drop(true);
    try {
      const seen = (await keeper.ready(scope)).hello;
      const facts = settleDoubt(attempt, seen);
      const result = { ...resultOfFacts(facts, error), attempt };
      if (!facts.pending) return { ...result, state: seen.state, taps: seen.taps ?? 0 };
      // What another device shows says nothing of this one.
      onDoubt(attempt);
      return result;
    } catch (error) {
      onDoubt(attempt);
      return leftInDoubt(attempt, keeper, asError(error));
    }
  }
}

/** What is known of a numbered command before its reply. */
function attemptOf(command: Command, session: Session): Attempt {
  const { serialNumber, bootId } = session.hello;
  const attempt: Attempt = {
    command: command.type,
    serialNumber,
    bootId,
    session: command.session,
    sequence: command.sequence,
    last: session.lastCommand,
  };
  return command.type === 'CANCEL' && command.orderId !== undefined ? { ...attempt, oneOrder: true } : attempt;
}

async function tellAttempt(attempt: Attempt, onAttempt: OnAttempt, scope: Scope): Promise<void> {
  // The caller of `pay` has its promise first.
  await undefined;
  scope.throwIfAborted();
  try {
    await abortable(Promise.resolve(onAttempt(attempt)), scope);
  } catch (cause) {
    scope.throwIfAborted();
    const text = `onAttempt failed, so nothing was sent: ${asError(cause).message}`;
    throw new BlueTapError(ResultCode.PROCESS_FAIL, text, { cause });
  }
}

function executed(attempt: Attempt, reply: PayAccepted | CancelAccepted): CommandResult {
  const { state } = reply;
  const code = ResultCode.SUCCESS;
  const outcome = 'executed';
  const link = linkAfter(attempt, outcome, state);
  const pending = false;
  return reply.type === 'PAY_REPLY'
    ? { code, outcome, link, pending, state, remaining: reply.remaining, attempt }
    : { code, outcome, link, pending, state, taps: reply.taps ?? 0, attempt };
}

function refused(attempt: Attempt, { result, reason, state }: Refused): CommandResult {
  const text = `${attempt.serialNumber} refused ${attempt.command}: ${describeReason(reason)} (reason ${reason}).`;
  return {
    code: result,
    outcome: 'refused',
    link: linkAfter(attempt, 'refused', state, reason),
    pending: false,
    state,
    attempt,
    error: new BlueTapError(result, text, { reason }),
  };
}

/** As `refused`, for a refusal that is not told at once: what it says of the link can be over by then. */
function refusedEarlier(attempt: Attempt, refusal: Refused): CommandResult {
  const { state: _, ...result } = refused(attempt, refusal);
  return { ...result, link: attempt.command === 'PAY' ? 'no' : 'unknown' };
}

/** The result of a command of which no byte left this host. */
export function notSent(type: Command['type'], why: unknown): CommandResult {
  const error = asError(why);
  const code = error instanceof BlueTapError ? error.code : ResultCode.PROCESS_FAIL;
  // A CANCEL that was never sent leaves whatever link there is.
  return { code, outcome: 'not-sent', link: type === 'PAY' ? 'no' : 'unknown', pending: false, error };
}

/** The result of a command that failed in a way that nobody foresaw: nothing is claimed of it. */
function unforeseen(cause: unknown): CommandResult {
  const text = `Something unforeseen failed: ${asError(cause).message}`;
  const error = new BlueTapError(ResultCode.UNKNOWN_EXCEPTION, text, { cause });
  return { code: ResultCode.UNKNOWN_EXCEPTION, outcome: 'unknown', link: 'unknown', pending: false, error };
}

function resultOfFacts(facts: Facts, cause: Error | undefined): Facts & { code: ResultCode; error?: Error } {
  if (facts.outcome === 'executed') return { ...facts, code: ResultCode.SUCCESS };
  const [code, text] =
    facts.outcome === 'not-executed'
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

function leftInDoubt(attempt: Attempt, keeper: SessionKeeper, cause: Error): CommandResult {
  const code = keeper.linkOpen ? ResultCode.UNKNOWN_EXCEPTION : ResultCode.DEVICE_DISCONNECTED;
  const what = keeper.linkOpen ? 'does not answer' : 'is gone';
  const text = `${attempt.command} was sent, but ${attempt.serialNumber} ${what}: whether it was executed is not known yet. ${cause.message}`;
  return {
    code,
    outcome: 'unknown',
    link: 'unknown',
    pending: true,
    attempt,
    error: new BlueTapError(code, text, { cause }),
  };
}
