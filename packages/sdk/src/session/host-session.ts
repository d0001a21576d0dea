import type { CommandId, HelloAccepted } from '@bluetap/protocol';
import type { DeviceIdentity, PaymentLinkEvent } from '../common/types.js';
import type { FrameChannel } from './frame-channel.js';

/** The largest sequence number; after it the host opens a new session. docs/protocol.md section 4. */
const LAST_SEQUENCE = 255;

/** One session: what HELLO's answer opened on a channel. */
export class HostSession {
  readonly channel: FrameChannel;
  readonly hello: HelloAccepted;
  /** The last command that this host knows the device to have executed; null when there was none. */
  lastCommand: CommandId | null;
  /** What LINK has said since the latest reply: nothing that is told of the payment link may rest on the reply then. */
  since: PaymentLinkEvent | undefined;
  /** Whether the latest reply or LINK has said that no payment link is live; a PAY that is sent can show another one. */
  paymentLinkOver = false;
  /** How often the payment link was read, by the most that was told since the latest PAY. */
  mostTaps = 0;
  /** Whether it is this client's: until then its device can turn out to be another one than was sought. */
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
   * The payment link as the latest message says it is: LINK, or else HELLO's answer. Of a session in which nothing was
   * asked yet.
   */
  get link(): PaymentLinkEvent {
    return this.since ?? { state: this.hello.state, taps: this.hello.taps ?? 0 };
  }

  /** A PAY is sent, or answered with SUCCESS: the payment link can be another one. */
  maybeShown(): void {
    this.paymentLinkOver = false;
    this.mostTaps = 0;
  }

  /**
   * Takes how often the payment link was read, as a message tells it.
   * @returns False when it had been read more often before, which stays so: it may have been paid.
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
   * The sequence number of a STATUS that is asked again and again: the same one while no other request comes in
   * between, since a repeat is answered with the state of now and uses up no number. Undefined when there is no number
   * left.
   */
  sequenceOfRepeatedStatus(): number | undefined {
    if (!this.#latestRepeats && this.spent) return undefined;
    const sequence = this.#latestRepeats ? this.#sequence : this.next();
    this.#latestRepeats = true;
    return sequence;
  }

  /** Takes the sequence of a LINK message: is it new, a repeat, or did others before it get lost? */
  takeLinkSequence(sequence: number): 'new' | 'repeat' | 'gap' {
    if (sequence === this.#linkSequence) return 'repeat';
    const expected = (this.#linkSequence % LAST_SEQUENCE) + 1;
    this.#linkSequence = sequence;
    return sequence === expected ? 'new' : 'gap';
  }
}

/** Who answers in a session. */
export function identityOf({ hello, channel }: HostSession): DeviceIdentity {
  const { model, firmware, serialNumber, bootId, simulated = false } = hello;
  return { model, firmware, serialNumber, bootId, simulated, id: channel.device.id };
}
