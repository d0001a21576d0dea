import type { LinkMessage } from '@bluetap/protocol';
import type { Logger } from '../common/logger.js';
import type { Attempt, DeviceIdentity, PaymentLinkEvent, PaymentLinkStatus } from '../common/types.js';
import type { FrameChannel } from '../session/frame-channel.js';
import { type HostSession, identityOf } from '../session/host-session.js';
import { type ClientEvents, checkListener } from './client-events.js';
import { Emitter } from './emitter.js';
import { PendingAttempts } from './pending-attempts.js';
import { ToldInOrder } from './told-in-order.js';

export interface TrackerHandlers {
  /** A LINK was lost, or contradicts an earlier message, so the state of the payment link is not known now. */
  readonly onGap: () => void;
  /** The device said what cannot be true. @param what In words after "the device". */
  readonly onContradiction: (what: string) => void;
}

/**
 * Follows the device and its payment link through everything that is received, and tells the program what changed, in
 * the order of the wire. What is told of a payment link rests on the latest message.
 */
export class LinkTracker {
  readonly #events: Emitter<ClientEvents>;
  readonly #inOrder = new ToldInOrder();
  readonly #pending: PendingAttempts;
  readonly #logger: Logger | undefined;
  readonly #handlers: TrackerHandlers;
  #lastSeen: PaymentLinkEvent | undefined;
  #identity: DeviceIdentity | undefined;

  /** @param earlier Attempts that an earlier run of the program wrote down. */
  constructor(earlier: readonly Attempt[], logger: Logger | undefined, handlers: TrackerHandlers) {
    this.#pending = new PendingAttempts(earlier);
    this.#logger = logger;
    this.#events = new Emitter(logger);
    this.#handlers = handlers;
  }

  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (event: ClientEvents[Name]) => void,
    once = false,
  ): () => void {
    checkListener(name, listener);
    return this.#events.on(name, listener, once);
  }

  off<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): void {
    checkListener(name, listener);
    this.#events.off(name, listener);
  }

  /** A reply was received. What comes behind it is told behind the result that rests on it. */
  replied(): void {
    this.#inOrder.received();
  }

  /** The result that rests on the reply is on its way to the program, or the reply has no result. */
  told(): void {
    this.#inOrder.told();
  }

  /** The program learns this by the result of its call. */
  seen(status: PaymentLinkStatus): PaymentLinkStatus {
    this.#lastSeen = { state: status.state, taps: status.taps };
    return status;
  }

  /** A question of our own was answered; the program learns it where it differs from what was seen last. */
  caughtUp(status: PaymentLinkStatus): void {
    const before = this.#lastSeen;
    this.seen(status);
    if (status.state !== before?.state || status.taps !== before.taps) this.#tell('link', { ...status });
  }

  /** A session was opened. This is told immediately: events behind the answer to HELLO wait until then. */
  opened(session: HostSession, newChannel: boolean): void {
    const link = session.link;
    const changed = this.#lastSeen && (this.#lastSeen.state !== link.state || this.#lastSeen.taps !== link.taps);
    this.#lastSeen = { ...link };
    const identity = identityOf(session);
    this.#logger?.info('session opened', { ...identity, session: session.hello.session, ...link });
    // Behind a bridge, or a UART, another device or a restarted one can answer on the same channel.
    const another = this.#identity?.serialNumber !== identity.serialNumber || this.#identity.bootId !== identity.bootId;
    this.#identity = identity;
    if (newChannel || another) this.#events.emit('connected', { ...identity, ...link });
    else if (changed) this.#events.emit('link', { ...link });
    for (const resolution of this.#pending.settle(session, this.#handlers.onContradiction)) {
      this.#logger?.info('a doubt is resolved', { ...resolution.attempt, ...resolution });
      this.#events.emit('resolved', resolution);
    }
  }

  /** The channel to a device that had answered is gone. */
  lost(error: Error): void {
    this.#tell('disconnected', error);
  }

  /** A LINK message came. */
  changed({ sequence, state, taps = 0, orderId }: LinkMessage, session: HostSession): void {
    const order = session.takeLinkSequence(sequence);
    if (order === 'repeat') return;
    // What is over stays over until the next PAY. The device is asked what holds; to the program nothing of it is told.
    if (session.paymentLinkOver && state === 'ready') {
      this.#handlers.onContradiction(
        'says that a payment link is live which was over, although no PAY came in between',
      );
      this.#handlers.onGap();
      return;
    }
    session.paymentLinkOver = state !== 'ready';
    session.takeTaps(taps);
    session.since = { state, taps };
    this.#inOrder.tell(() => {
      // Its device turned out to be another one than was sought.
      if (!session.accepted) return;
      const seen: PaymentLinkEvent = { state, taps, ...(orderId === undefined ? {} : { orderId }) };
      this.#lastSeen = { state, taps };
      this.#logger?.info('the payment link changed', { ...seen });
      this.#events.emit('link', seen);
      if (order === 'gap') this.#handlers.onGap();
    });
  }

  /** An attempt is in doubt until a later session. */
  doubted(attempt: Attempt, channel: FrameChannel): void {
    const givenUp = this.#pending.add(attempt, channel);
    if (!givenUp) return;
    this.#logger?.warn('too many attempts are in doubt; the oldest is not waited for any more', { ...givenUp });
  }

  /** Tells nothing more. */
  close(): void {
    this.#inOrder.close();
    this.#events.clear();
  }

  #tell<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    this.#inOrder.tell(() => this.#events.emit(name, event));
  }
}
