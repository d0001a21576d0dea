import { type CancelAccepted, type PayAccepted, Reason, type Refused, type Reply } from '@bluetap/protocol';
import type { CommandResult } from '../common/command-result.js';
import type { Logger } from '../common/logger.js';
import { asError, type Scope } from '../common/scope.js';
import type { Attempt } from '../common/types.js';
import { exchange } from '../session/exchange.js';
import type { FrameChannel } from '../session/frame-channel.js';
import type { HostSession } from '../session/host-session.js';
import type { HostSessions } from '../session/host-sessions.js';
import { attemptOf, type OnAttempt, tellAttempt } from './attempt.js';
import { contradictionOverDoubt } from './contradictory-doubt.js';
import { settleDoubt, weighRefusal } from './outcome-rules.js';
import { executed, leftInDoubt, notSent, refused, refusedEarlier, settled, unforeseen } from './results.js';
import type { NumberedCommand } from './validate.js';

/** The parts that all deliveries of a client share. */
export interface Delivery {
  readonly sessions: HostSessions;
  readonly logger: Logger | undefined;
  /** Takes an attempt whose outcome a later session must settle, and the channel on which it was sent. */
  readonly onDoubt: (attempt: Attempt, channel: FrameChannel) => void;
}

/** A session, and the attempt if the program was told about it. */
interface Obtained {
  readonly session: HostSession;
  readonly attempt: Attempt | undefined;
}

/** The result of sending: the reply, or the reason why there is none, and the number of copies. */
interface Sent {
  readonly session: HostSession;
  readonly attempt: Attempt;
  readonly copies: number;
  readonly reply: Reply | undefined;
  readonly error: Error | undefined;
}

/**
 * Delivers one validated command and returns its result. It opens a session, sends the command, and repeats the same
 * bytes while no reply comes. If the command stays in doubt, it asks in a new session. docs/protocol.md section 4.
 * Never rejects.
 */
export function deliver(
  command: NumberedCommand,
  delivery: Delivery,
  onAttempt: OnAttempt | undefined,
  scope: Scope,
): Promise<CommandResult> {
  return attemptUntilSettled(command, delivery, onAttempt, scope).catch(unforeseen);
}

async function attemptUntilSettled(
  command: NumberedCommand,
  delivery: Delivery,
  onAttempt: OnAttempt | undefined,
  scope: Scope,
): Promise<CommandResult> {
  const { sessions, logger } = delivery;
  /** The refusal of the first copy, if the copy was sent in a session that was not current. */
  let refusedOnce: CommandResult | undefined;
  for (;;) {
    let obtained: Obtained;
    try {
      scope.throwIfAborted();
      // Not awaited if there is a session and no `onAttempt`: then the bytes leave immediately.
      let session = sessions.usable;
      if (!session) session = await sessions.obtain(scope);
      command.session = session.hello.session;
      command.sequence = session.next();
      let attempt: Attempt | undefined;
      if (onAttempt) {
        attempt = attemptOf(command, session);
        await tellAttempt(attempt, onAttempt, scope);
      }
      obtained = { session, attempt };
    } catch (error) {
      return refusedOnce ?? notSent(command.type, scope.aborted ? scope.reason : error);
    }
    // The session may have ended while the program stored the attempt. Nothing was sent in it.
    if (sessions.current !== obtained.session) continue;

    const sent = await send(command, obtained, scope);
    const { session, attempt, reply, copies, error } = sent;
    if (reply?.result === 'SUCCESS') {
      session.lastCommand = { session: attempt.session, sequence: attempt.sequence };
      return executed(attempt, reply as PayAccepted | CancelAccepted, session);
    }
    const refusal = reply as Refused | undefined;
    const weight = refusal ? weighRefusal(refusal.reason, copies, refusedOnce !== undefined) : 'doubt';
    if (refusal && weight !== 'doubt') {
      if (refusal.reason === Reason.NO_SUCH_SESSION) sessions.drop(false);
      if (refusal.reason === Reason.SEQUENCE_REUSED) sessions.drop(true);
      if (weight === 'final') return refused(attempt, refusal, session);
      logger?.info('another host took the session; the command is sent again in a new session', { ...attempt });
      refusedOnce = refusedEarlier(attempt, refusal, session);
      continue;
    }
    if (copies === 0) return refusedOnce ?? notSent(command.type, error);
    return settle(sent, delivery, scope);
  }
}

/** Sends the command, and repeats the same bytes while no reply comes. */
async function send(command: NumberedCommand, { session, attempt: told }: Obtained, scope: Scope): Promise<Sent> {
  let reply: Reply | undefined;
  let error: Error | undefined;
  let copies = 0;
  if (command.type === 'PAY') session.paySent();
  const replying = exchange(session.channel, command, () => copies++, scope);
  // Created while the bytes are on their way.
  const attempt = told ?? attemptOf(command, session);
  try {
    reply = await replying;
  } catch (thrown) {
    error = asError(thrown);
  }
  return { session, attempt, copies, reply, error };
}

/**
 * Asks for the outcome of the command in a new session. From here on, only HELLO is sent. docs/protocol.md section 4.
 */
async function settle(
  { session, attempt, copies, error }: Sent,
  { sessions, logger, onDoubt }: Delivery,
  scope: Scope,
): Promise<CommandResult> {
  logger?.warn('no certain reply; the client asks the device in a new session', {
    ...attempt,
    copies,
    error: error?.message,
  });
  if (sessions.current === session) sessions.drop(true);
  try {
    const now = await sessions.obtain(scope, true);
    const seen = { ...now.hello, ...now.link };
    const lineStayed = now.channel === session.channel;
    const contradiction = contradictionOverDoubt(attempt, seen, lineStayed);
    if (contradiction) sessions.contradicted(contradiction);
    const facts = settleDoubt(attempt, seen, lineStayed);
    if (facts.pending) onDoubt(attempt, session.channel);
    return settled(attempt, facts, seen, error, contradiction);
  } catch (thrown) {
    onDoubt(attempt, session.channel);
    return leftInDoubt(attempt, sessions.channelOpen, asError(thrown), scope);
  }
}
