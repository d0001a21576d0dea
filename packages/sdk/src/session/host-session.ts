import type { CommandId, HelloAccepted } from '@bluetap/protocol';
import type { DeviceIdentity, PaymentLinkEvent } from '../common/types.js';
import type { FrameChannel } from './frame-channel.js';

/** The largest sequence number. After it, the host opens a new session. docs/protocol.md section 4. */
const LAST_SEQUENCE = 255;

/** One session, which the reply to HELLO opened on a channel. */
export class HostSession {
  readonly channel: FrameChannel;
  readonly hello: HelloAccepted;
  /** The last command that the device has executed, as far as this host knows. Null if there was none. */
  lastCommand: CommandId | null;
  /**
   * The LINK message after the latest reply. If it is set, the state of the payment link must not be taken from the
   * reply.
   */
  since: PaymentLinkEvent | undefined;
  /**
   * True if the latest reply or LINK message says that no payment link is live. A PAY that is sent resets it, because
   * the PAY can show another payment link.
   */
  paymentLinkOver = false;
  /** True while a PAY waits for its reply. A LINK message can then be about the payment link before that PAY. */
  payUnanswered = false;
  /** How often a phone read the payment link: the largest number since the latest PAY. */
  mostTaps = 0;
  /**
   * True if the client uses this session. Before that, its device can turn out to be a device that the client does not
   * accept.
   */
  accepted = false;
  #sequence = 0;
  #latestRepeats = false;
  #linkSequence = 0;

  constructor(channel: FrameChannel, hello: HelloAccepted) {
    this.channel = channel;
    this.hello = hello;
    this.lastCommand = hello.lastCommand ?? null;
    this.mostTaps = hello.taps ?? 0;
  }

  /**
   * The payment link from the latest message: LINK, or the reply to HELLO. Valid in a session without any other
   * request.
   */
  get link(): PaymentLinkEvent {
    return this.since ?? { state: this.hello.state, taps: this.hello.taps ?? 0 };
  }

  /** A PAY is sent. */
  paySent(): void {
    this.maybeShown();
    this.payUnanswered = true;
  }

  /** A PAY is sent, or was answered with SUCCESS: the payment link can be another one. */
  maybeShown(): void {
    this.paymentLinkOver = false;
    this.mostTaps = 0;
  }

  /**
   * Takes the number of taps from a message.
   * @returns False if an earlier message had a larger number. The larger number stays, because the shopper may have
   * paid.
   */
  takeTaps(taps: number): boolean {
    if (taps < this.mostTaps) return false;
    this.mostTaps = taps;
    return true;
  }

  get spent(): boolean {
    return this.#sequence === LAST_SEQUENCE;
  }

  /** The sequence number of the next request. */
  next(): number {
    this.#latestRepeats = false;
    return ++this.#sequence;
  }

  /**
   * The sequence number of a STATUS that is asked repeatedly. It stays the same while there is no other request: the
   * device answers a repeat with its current state, and no number is used up. Undefined if there is no number left.
   */
  sequenceOfRepeatedStatus(): number | undefined {
    if (!this.#latestRepeats && this.spent) return undefined;
    const sequence = this.#latestRepeats ? this.#sequence : this.next();
    this.#latestRepeats = true;
    return sequence;
  }

  /**
   * Takes the sequence number of a LINK message.
   * @returns `new`, `repeat`, or `gap` if LINK messages before it were lost.
   */
  takeLinkSequence(sequence: number): 'new' | 'repeat' | 'gap' {
    if (sequence === this.#linkSequence) return 'repeat';
    const expected = (this.#linkSequence % LAST_SEQUENCE) + 1;
    this.#linkSequence = sequence;
    return sequence === expected ? 'new' : 'gap';
  }
}

/** The identity of the device of a session. */
export function identityOf({ hello, channel }: HostSession): DeviceIdentity {
  const { model, firmware, serialNumber, bootId, simulated = false, tapSource } = hello;
  const { id } = channel.device;
  // Written out, because a spread took longer than the rest.
  return tapSource
    ? { model, firmware, serialNumber, bootId, simulated, tapSource, id }
    : { model, firmware, serialNumber, bootId, simulated, id };
}
