import type { PayCommand, PaymentLinkState } from '@bluetap/protocol';
import { DEFAULT_EXPIRY_TIME } from '@bluetap/protocol/tools';
import type { Clock } from '@bluetap/transport';
import type { PaymentLinkCause } from '../contract/events.js';
import type { NfcFault, PaymentLink } from '../contract/payment-link.js';
import { ExpiryTimer } from './expiry-timer.js';

/** The payment link at one moment, so that what a reply says of it fits together. */
export interface Shown {
  readonly state: PaymentLinkState;
  readonly taps: number;
  /** Seconds left, rounded up; 0 when no payment link is live. */
  readonly remaining: number;
  /** There exactly when the state is `ready`. */
  readonly live?: PaymentLink | undefined;
}

const MAX_TAPS = 255;

/**
 * The NFC side of the device: one payment link, whichever connection its PAY came through. It knows nothing of messages.
 * docs/protocol.md, Session and delivery.
 */
export class Device {
  readonly #expiry: ExpiryTimer;
  readonly #onChange: (cause: PaymentLinkCause, link: PaymentLink) => void;
  #state: PaymentLinkState = 'idle';
  /** The present or last payment link; its taps outlive it. */
  #link: PaymentLink | undefined;
  #taps = 0;
  #fault: NfcFault = false;

  /** @param onChange Called within the call that changes the payment link, and by a timer for an expiry. */
  constructor(clock: Clock, onChange: (cause: PaymentLinkCause, link: PaymentLink) => void) {
    this.#expiry = new ExpiryTimer(clock, () => this.look());
    this.#onChange = onChange;
  }

  /** The present state. Expires the payment link if its time is up, however late the timer is. */
  look(): Shown {
    const { left } = this.#expiry;
    if (this.#state === 'ready' && left <= 0) this.#end('expired', 'expiry');
    const shown = { state: this.#state, taps: this.#taps, remaining: 0 };
    return this.#state === 'ready' ? { ...shown, remaining: Math.ceil(left / 1000), live: this.#link! } : shown;
  }

  /** PAY: shows a payment link in place of any other. False: NFC fault, and no payment link is live now. */
  show({ paymentMethod, amount, orderId, expiryTime = DEFAULT_EXPIRY_TIME }: PayCommand): boolean {
    const { live } = this.look();
    if (this.#fault) {
      if (live) this.#end('idle', 'pay');
      return false;
    }
    this.#link = {
      paymentMethod,
      ...(amount !== undefined && { amount }),
      ...(orderId !== undefined && { orderId }),
      expiryTime,
    };
    this.#taps = 0;
    this.#state = 'ready';
    this.#expiry.start(expiryTime);
    this.#onChange('pay', this.#link);
    return true;
  }

  /** CANCEL: ends the live payment link, if there is one. False: it belongs to another order and stays. */
  cancel(orderId?: string): boolean {
    const { live } = this.look();
    if (!live) return true;
    if (orderId !== undefined && orderId !== live.orderId) return false;
    this.#end('cancelled', 'cancel');
    return true;
  }

  /** A phone reads the payment link. Undefined: there is nothing to read. */
  tap(): PaymentLink | undefined {
    const { live } = this.look();
    if (!live) return undefined;
    this.#taps = Math.min(this.#taps + 1, MAX_TAPS);
    this.#onChange('tap', live);
    return live;
  }

  get fault(): NfcFault {
    return this.#fault;
  }

  /** A fault that strikes now costs the live payment link. */
  set fault(fault: NfcFault) {
    this.#fault = fault;
    if (fault === true && this.look().live) this.#end('idle', 'fault');
  }

  /** A start, or the loss of power: the tag is blank and nothing is remembered. A broken part stays broken. */
  blank(): void {
    this.#expiry.stop();
    this.#state = 'idle';
    this.#link = undefined;
    this.#taps = 0;
  }

  #end(state: PaymentLinkState, cause: PaymentLinkCause): void {
    this.#expiry.stop();
    this.#state = state;
    this.#onChange(cause, this.#link!);
  }
}
