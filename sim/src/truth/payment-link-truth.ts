import type { State } from '../wire/wire-message.js';

const DEFAULT_EXPIRY_S = 900;
const MAX_TAPS = 255;

/** The payment link that a PAY showed. */
export interface ShownLink {
  readonly paymentMethod: string | undefined;
  readonly amount: string | undefined;
  readonly orderId: string | undefined;
  /** When its time is over, in milliseconds. */
  readonly until: number;
}

/** The NFC side of a device, as docs/protocol.md section 4 describes it. The judge compares the emulated one with it. */
export class PaymentLinkTruth {
  state: State = 'idle';
  taps = 0;
  /** True, `on-pay` and `stuck` refuse a PAY. With `stuck`, a live payment link cannot end without a restart. */
  fault: boolean | 'on-pay' | 'stuck' = false;
  link: ShownLink | undefined;

  /** True if the time of the live payment link is over. */
  isOver(now: number): boolean {
    return this.state === 'ready' && now >= this.link!.until;
  }

  /** Returns true if the time of the live payment link is over now. Then it has expired. */
  expires(now: number): boolean {
    if (!this.isOver(now)) return false;
    this.state = 'expired';
    return true;
  }

  get live(): ShownLink | undefined {
    return this.state === 'ready' ? this.link : undefined;
  }

  /** Seconds until the live payment link expires, rounded up; 0 without one. */
  remaining(now: number): number {
    return this.live ? Math.ceil((this.live.until - now) / 1000) : 0;
  }

  /** PAY. Returns false if the NFC part has a fault. */
  show(pay: Omit<ShownLink, 'until'> & { readonly expiryTime: number | undefined }, now: number): boolean {
    if (this.fault) {
      if (this.live) this.state = 'idle';
      return false;
    }
    const { paymentMethod, amount, orderId, expiryTime = DEFAULT_EXPIRY_S } = pay;
    this.link = { paymentMethod, amount, orderId, until: now + expiryTime * 1000 };
    this.state = 'ready';
    this.taps = 0;
    return true;
  }

  /** CANCEL. Returns false if the live payment link belongs to another order. */
  cancel(orderId: string | undefined): boolean {
    if (!this.live) return true;
    if (orderId !== undefined && orderId !== this.live.orderId) return false;
    this.state = 'cancelled';
    return true;
  }

  tap(): void {
    this.taps = Math.min(this.taps + 1, MAX_TAPS);
  }

  /** A loss of power. */
  blank(): void {
    this.state = 'idle';
    this.taps = 0;
    this.link = undefined;
  }
}
