import type { PayCommand, PaymentLinkState, PreviousPaymentLink } from '@bluetap/protocol';
import { DEFAULT_EXPIRY_TIME } from '@bluetap/protocol/tools';
import type { Clock } from '@bluetap/transport';
import type { PaymentLinkCause } from '../contract/events.js';
import type { NfcFault, PaymentLink, SavedPaymentLink } from '../contract/payment-link.js';
import { ExpiryTimer } from './expiry-timer.js';

/** The payment link at one time. A reply is made from one such object, so its fields agree. */
export interface Shown {
  readonly state: PaymentLinkState;
  readonly taps: number;
  /** Seconds until the expiry, rounded up; 0 if no payment link is live. */
  readonly remaining: number;
  /** Present only if the state is `ready`. */
  readonly live?: PaymentLink | undefined;
}

/** The functions that the NFC side calls. */
export interface DeviceHandlers {
  /** Called before the call that changes the payment link returns. For an expiry, a timer can also call it. */
  onChange(cause: PaymentLinkCause, link: PaymentLink): void;
  /** The payment link had to end, and the tag cannot be made blank: the device must restart, and must not answer. */
  onStuck(): void;
}

const MAX_TAPS = 255;

/**
 * The NFC side of the device. It has one payment link for all connections. It does not know about messages.
 * docs/protocol.md, Session and delivery.
 */
export class Device {
  readonly #expiry: ExpiryTimer;
  readonly #countsTaps: boolean;
  readonly #handlers: DeviceHandlers;
  #state: PaymentLinkState = 'idle';
  /** The current or last payment link. The device reports its taps also after its end. */
  #link: PaymentLink | undefined;
  #taps = 0;
  #fault: NfcFault = false;

  /**
   * @param countsTaps False for a device that sees no phone. Then a tap changes nothing.
   */
  constructor(clock: Clock, countsTaps: boolean, handlers: DeviceHandlers) {
    this.#expiry = new ExpiryTimer(clock, () => this.look());
    this.#countsTaps = countsTaps;
    this.#handlers = handlers;
  }

  /** Returns the current state. Expires the payment link if its time is over, even if the timer is late. */
  look(): Shown {
    const { left } = this.#expiry;
    if (this.#state === 'ready' && left <= 0) this.#end('expired', 'expiry');
    const live = this.#state === 'ready' ? this.#link! : undefined;
    return { state: this.#state, taps: this.#taps, remaining: live ? Math.ceil(left / 1000) : 0, live };
  }

  /**
   * PAY: shows a payment link and replaces the old one. Returns false if the NFC part has a fault. Then no payment link
   * is live.
   */
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
    this.#expiry.start(expiryTime * 1000);
    this.#handlers.onChange('pay', this.#link);
    return true;
  }

  /**
   * CANCEL: ends the live payment link, if there is one. Returns false if it belongs to another order. Then it stays
   * live.
   */
  cancel(orderId?: string): boolean {
    const { live } = this.look();
    if (!live) return true;
    if (orderId !== undefined && orderId !== live.orderId) return false;
    this.#end('cancelled', 'cancel');
    return true;
  }

  /** A phone reads the payment link. Returns undefined if no payment link is live. */
  tap(): PaymentLink | undefined {
    const { live } = this.look();
    if (!live || !this.#countsTaps) return live;
    this.#taps = Math.min(this.#taps + 1, MAX_TAPS);
    this.#handlers.onChange('tap', live);
    return live;
  }

  /** Expires the live payment link, as if its time were over. Returns false if none is live. */
  expire(): boolean {
    if (!this.look().live) return false;
    this.#end('expired', 'expiry');
    return true;
  }

  get fault(): NfcFault {
    return this.#fault;
  }

  /** A fault with the value true ends the live payment link. */
  set fault(fault: NfcFault) {
    // A payment link whose time is over has ended before the fault came.
    const { live } = this.look();
    this.#fault = fault;
    if (fault === true && live) this.#end('idle', 'fault');
  }

  /**
   * Called at a start of the device or a loss of power. Clears the tag and forgets everything. A broken NFC part stays
   * broken.
   */
  blank(): void {
    this.#expiry.stop();
    this.#state = 'idle';
    this.#link = undefined;
    this.#taps = 0;
  }

  /** The state and the taps of the latest payment link; undefined if the device has shown none since its start. */
  get latest(): PreviousPaymentLink | undefined {
    const { state, taps } = this.look();
    return this.#link && { state, taps };
  }

  /** The payment link as it can be written down; undefined if the device has shown none since its start. */
  get saved(): SavedPaymentLink | undefined {
    const { state, taps } = this.look();
    if (!this.#link) return undefined;
    return { ...this.#link, state, taps, remainingMs: state === 'ready' ? this.#expiry.left : 0 };
  }

  /** Continues with a payment link that was written down, or with none. Calls nobody. */
  restore(saved: SavedPaymentLink | undefined): void {
    this.blank();
    if (!saved) return;
    const { state, taps, remainingMs, ...link } = saved;
    this.#link = link;
    this.#state = state;
    this.#taps = taps;
    if (state === 'ready') this.#expiry.start(remainingMs);
  }

  #end(state: PaymentLinkState, cause: PaymentLinkCause): void {
    if (this.#fault === 'stuck') {
      // A start makes the tag blank.
      this.blank();
      this.#handlers.onStuck();
      return;
    }
    this.#expiry.stop();
    this.#state = state;
    this.#handlers.onChange(cause, this.#link!);
  }
}
