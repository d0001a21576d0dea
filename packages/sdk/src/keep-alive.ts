import { Reason, type StatusAccepted } from '@bluetap/protocol';
import { type Clock, TransportError } from '@bluetap/transport';
import type { Scope } from './abort.js';
import { statusOf } from './ask-status.js';
import type { LinkStatus } from './result.js';
import type { SessionKeeper } from './session-keeper.js';
import { COPIES, REPLY_TIMEOUT_MS } from './timing.js';

/** The bound on one question: all its copies, and a moment more. */
export const KEEP_ALIVE_TIMEOUT_MS = (COPIES + 1) * REPLY_TIMEOUT_MS;

/** The timer of a client that rests: when it has run out, the device is asked whether it is still there. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #ask: () => void;
  #timer: unknown;

  /** @param ms How long the client may rest, in milliseconds; 0: for ever. */
  constructor(clock: Clock, ms: number, ask: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#ask = ask;
  }

  /** Nothing is to be done. */
  rest(): void {
    if (this.#ms > 0) this.#timer = this.#clock.setTimeout(this.#ask, this.#ms);
  }

  /** Something is to be done, or nothing any more. */
  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Asks with STATUS whether the device is still there, in the session that is open. A device that does not answer is gone: its
 * link is given up. A session that another host has taken is left to it, and no HELLO goes out before the next call.
 * docs/protocol.md section 4.
 * @returns What the device says of its link; undefined when it says nothing.
 */
export async function askWhetherAlive(keeper: SessionKeeper, scope: Scope): Promise<LinkStatus | undefined> {
  const { session } = keeper;
  const sequence = session?.sequenceOfRepeatedStatus();
  if (!session || sequence === undefined) return undefined;
  const { connection, hello } = session;
  const reply = await connection
    .exchange({ type: 'STATUS', session: hello.session, sequence }, () => {}, scope)
    // The link was lost, which is told already, or the client is closing.
    .catch(() => null);
  if (reply?.result === 'SUCCESS') return statusOf(reply as StatusAccepted, session.since);
  if (reply?.result && isOfAnotherSession(reply.reason)) {
    if (keeper.session === session) keeper.drop(false);
  } else if (reply === undefined) {
    const text = `${hello.serialNumber} at ${connection.device.id} has not answered STATUS for ${COPIES * REPLY_TIMEOUT_MS} ms: the connection has died, or the device hangs`;
    connection.giveUp(new TransportError('disconnected', text));
  }
  return undefined;
}

function isOfAnotherSession(reason: number): boolean {
  return reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
}
