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
  /** A LINK message was lost or is not believed, so the state of the payment link is not known. */
  readonly onGap: () => void;
  /**
   * The device contradicted itself.
   * @param what The words that follow "the device".
   */
  readonly onContradiction: (what: string) => void;
}

/**
 * Follows the device and its payment link through every message that is received. It emits the changes as events, in
 * the order of the wire. An event about a payment link rests on the latest message.
 */
export class LinkTracker {
  readonly #events: Emitter<ClientEvents>;
  readonly #inOrder = new ToldInOrder();
  readonly #pending: PendingAttempts;
  readonly #logger: Logger | undefined;
  readonly #handlers: TrackerHandlers;
  #lastSeen: PaymentLinkEvent | undefined;
  #identity: DeviceIdentity | undefined;

  /** @param earlier Attempts that an earlier run of the program stored. */
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

  /** A reply was received. Later messages are emitted after the result that rests on this reply. */
  replied(): void {
    this.#inOrder.received();
  }

  /** The result that rests on the reply is on its way to the program, or there is no such result. */
  told(): void {
    this.#inOrder.told();
  }

  /** Takes a status that the program gets as the result of its own call. */
  seen(status: PaymentLinkStatus): PaymentLinkStatus {
    this.#lastSeen = { state: status.state, taps: status.taps };
    return status;
  }

  /**
   * Takes a status that the client itself asked for. Emits `link` if it differs from the status before. The events of
   * the messages behind that answer still wait, and come after it.
   */
  caughtUp(status: PaymentLinkStatus): void {
    const before = this.#lastSeen;
    this.seen(status);
    if (status.state !== before?.state || status.taps !== before.taps) this.#events.emit('link', { ...status });
  }

  /**
   * A session was opened. Tells what the reply to HELLO says, then the LINK messages that came behind it, and then the
   * doubts that both settle. So no event is older than the one before it.
   */
  opened(session: HostSession, newChannel: boolean): void {
    const { state, taps = 0 } = session.hello;
    const changed = this.#lastSeen && (this.#lastSeen.state !== state || this.#lastSeen.taps !== taps);
    this.#lastSeen = { state, taps };
    const identity = identityOf(session);
    this.#logger?.info('session opened', { ...identity, session: session.hello.session, state, taps });
    // Behind a bridge or a UART, another device or a restarted device can answer on the same channel.
    const another = this.#identity?.serialNumber !== identity.serialNumber || this.#identity.bootId !== identity.bootId;
    this.#identity = identity;
    if (newChannel || another) this.#events.emit('connected', { ...identity, state, taps });
    else if (changed) this.#events.emit('link', { state, taps });
    this.#inOrder.tellWaiting();
    for (const resolution of this.#pending.settle(session, this.#handlers.onContradiction)) {
      this.#logger?.info('a doubt is resolved', { ...resolution.attempt, ...resolution });
      this.#events.emit('resolved', resolution);
    }
  }

  /** The channel to a device that had answered was lost. */
  lost(error: Error): void {
    this.#inOrder.tell(() => this.#events.emit('disconnected', error));
  }

  /** A LINK message was received. */
  changed({ sequence, state, taps = 0, orderId }: LinkMessage, session: HostSession): void {
    const order = session.takeLinkSequence(sequence);
    if (order === 'repeat') return;
    // A payment link that is over stays over until the next PAY. The device is asked for the state, and the program
    // gets no event.
    if (session.paymentLinkOver && state === 'ready') {
      this.#handlers.onContradiction(
        'says that a payment link is live which was over, although no PAY came in between',
      );
      this.#handlers.onGap();
      return;
    }
    session.paymentLinkOver = state !== 'ready' && !session.payUnanswered;
    session.takeTaps(taps);
    session.since = { state, taps };
    this.#inOrder.tell(() => {
      // The session belongs to a device that this client does not accept.
      if (!session.accepted) return;
      const seen: PaymentLinkEvent = { state, taps, ...(orderId === undefined ? {} : { orderId }) };
      this.#lastSeen = { state, taps };
      this.#logger?.info('the payment link changed', { ...seen });
      this.#events.emit('link', seen);
      if (order === 'gap') this.#handlers.onGap();
    });
  }

  /** An attempt is in doubt until a later session settles it. */
  doubted(attempt: Attempt, channel: FrameChannel): void {
    const givenUp = this.#pending.add(attempt, channel);
    if (!givenUp) return;
    this.#logger?.warn('too many attempts are in doubt; the client no longer waits for the oldest attempt', {
      ...givenUp,
    });
  }

  /** Emits no more events. */
  close(): void {
    this.#inOrder.close();
    this.#events.clear();
  }
}
