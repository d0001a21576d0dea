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
import type { Connection } from './connection.js';
import { contradictionOverDoubt } from './contradiction.js';
import { linkAfter, type Seen, settleDoubt, weighRefusal } from './delivery.js';
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
  /** Takes an attempt whose outcome has to be learnt in a later session, and where it was sent. */
  readonly onDoubt: (attempt: Attempt, connection: Connection) => void;
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
      return executed(attempt, reply as PayAccepted | CancelAccepted, session);
    }
    if (reply) {
      const refusal = reply as Refused;
      const weight = weighRefusal(refusal.reason, copies, refusedOnce !== undefined);
      if (weight !== 'doubt') {
        if (refusal.reason === Reason.NO_SUCH_SESSION) keeper.drop(false);
        if (refusal.reason === Reason.SEQUENCE_REUSED) keeper.drop(true);
        if (weight === 'final') return refused(attempt, refusal, session);
        logger?.info('another host took the session; sending the command in a new one', { ...attempt });
        refusedOnce = refusedEarlier(attempt, refusal, session);
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
      const now = await keeper.ready(scope, true);
      const seen = { ...now.hello, ...now.link };
      const lineStayed = now.connection === session.connection;
      const contradiction = contradictionOverDoubt(attempt, seen, lineStayed);
      if (contradiction) keeper.contradicted(contradiction);
      const facts = settleDoubt(attempt, seen, lineStayed);
      const result = { ...resultOfFacts(facts, seen, error, contradiction), attempt };
      if (!facts.pending) return { ...result, state: seen.state, taps: seen.taps };
      // What another device shows says nothing of this one.
      onDoubt(attempt, session.connection);
      return result;
    } catch (error) {
      onDoubt(attempt, session.connection);
      return leftInDoubt(attempt, keeper, asError(error), scope);
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
    // A copy: whatever the program makes of it changes nothing of what is known here.
    await abortable(Promise.resolve(onAttempt(structuredClone(attempt))), scope);
  } catch (cause) {
    scope.throwIfAborted();
    const text = `onAttempt failed, so nothing was sent: ${asError(cause).message}`;
    throw new BlueTapError(ResultCode.PROCESS_FAIL, text, { cause });
  }
}

/** What LINK has said since the reply counts: a result never says of a link what is known to be over. */
function executed(attempt: Attempt, reply: PayAccepted | CancelAccepted, { since }: Session): CommandResult {
  const { state } = since ?? reply;
  const code = ResultCode.SUCCESS;
  const outcome = 'executed';
  const link = linkAfter(attempt, outcome, state);
  const pending = false;
  if (reply.type === 'CANCEL_REPLY') {
    return { code, outcome, link, pending, state, taps: since?.taps ?? reply.taps ?? 0, attempt };
  }
  const result = { code, outcome, link, pending, state, remaining: reply.remaining, attempt } as const;
  return since ? { ...result, remaining: state === 'ready' ? reply.remaining : 0, taps: since.taps } : result;
}

function refused(attempt: Attempt, { result, reason, ...reply }: Refused, { since }: Session): CommandResult {
  const text = `${attempt.serialNumber} refused ${attempt.command}: ${describeReason(reason)} (reason ${reason}).`;
  const { state } = since ?? reply;
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
function refusedEarlier(attempt: Attempt, refusal: Refused, session: Session): CommandResult {
  const { state: _, ...result } = refused(attempt, refusal, session);
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

function resultOfFacts(
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

function leftInDoubt(attempt: Attempt, keeper: SessionKeeper, cause: Error, scope: Scope): CommandResult {
  const { command, serialNumber } = attempt;
  const open = keeper.linkOpen;
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
    link: 'unknown',
    pending: true,
    attempt,
    error: new BlueTapError(code, text, { cause }),
  };
}
