// The payment link of the device, its end, its taps and its tag: docs/protocol.md section 4.
import type { Clock } from '@bluetap/transport';
import type { Does } from './mistakes/index.js';
import { ndefOf, type Order } from './ndef.js';

/** The states of docs/protocol.md section 3. */
export const STATE = { idle: 0, ready: 1, expired: 2, cancelled: 3 } as const;

/** What a device counts as a tap. */
export type TapSource = 'read' | 'field' | 'none';

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MOST_TAPS = 255;

export interface PaymentLinkOptions {
  readonly clock: Clock;
  readonly does: Does;
  readonly taps: TapSource;
  /** True if an Android Application Record follows the URI. */
  readonly android: boolean;
  /** The payment link changed, and no request was the cause. */
  readonly onChange: () => void;
}

/** The one payment link of a device, and its NFC part. */
export class PaymentLink {
  state: number = STATE.idle;
  taps = 0;
  /** What the latest PAY showed. */
  order: Order | undefined;
  /** True while the NFC part does not work. */
  broken = false;
  readonly #options: PaymentLinkOptions;
  readonly #does: Does;
  #endsAt = 0;
  #lifetimeMs = 0;
  #timer: unknown;
  #readable: Uint8Array | undefined;

  constructor(options: PaymentLinkOptions) {
    this.#options = options;
    this.#does = options.does;
  }

  get live(): boolean {
    return this.state === STATE.ready;
  }

  /** Whole seconds until the end, rounded up, and 0 if the payment link is not live. */
  get remaining(): number {
    if (!this.live) return 0;
    const ms = this.#does('remaining does not fall') ? this.#lifetimeMs : this.#endsAt - this.#options.clock.now();
    if (ms === Number.POSITIVE_INFINITY) return 0xffff_ffff;
    if (ms < 0 && !this.#does('a payment link does not end')) return 0;
    return this.#does('remaining is rounded down') ? Math.floor(ms / 1000) : Math.ceil(ms / 1000);
  }

  /** The expiry time of the latest PAY, in seconds. */
  get lifetime(): number {
    return this.#lifetimeMs / 1000;
  }

  /** Shows `order` for `seconds`. Returns false if the NFC part failed. */
  show(order: Order, seconds: number | undefined): boolean {
    if (this.broken) return this.#failed(order);
    const { clock } = this.#options;
    if (this.live && this.#does('the time of a replaced payment link ends the new one')) {
      clock.setTimeout(() => this.#expire(), this.#endsAt - clock.now());
    }
    const again = !(this.live && this.#does('PAY does not start the lifetime again'));
    if (!(this.live && this.#does('PAY leaves the old payment link'))) {
      const amount = order.amount ?? this.order?.amount;
      const orderId = order.orderId ?? this.order?.orderId;
      this.order = order;
      if (this.#does('PAY keeps the amount of the payment link before')) this.order = { ...order, amount };
      if (this.#does('PAY keeps the order id of the payment link before')) this.order = { ...order, orderId };
    }
    this.state = STATE.ready;
    if (!this.#does('PAY does not reset the taps')) this.taps = 0;
    this.#readable = ndefOf(this.order ?? order, this.#does, this.#options.android);
    if (again) this.#start(seconds);
    return true;
  }

  startAgain(): void {
    this.#endsAt = this.#options.clock.now() + this.#lifetimeMs;
    this.#setTimer();
  }

  /** Ends the payment link with another state. */
  end(state: number): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    this.state = state;
    if (state === STATE.cancelled && this.#does('CANCEL resets the taps')) this.taps = 0;
    if (state === STATE.expired && this.#does('the expiry resets the taps')) this.taps = 0;
    if (state === STATE.cancelled && this.#does('the time of a cancelled payment link makes the state expired')) {
      this.#timer = clock.setTimeout(() => this.end(STATE.expired), this.#endsAt - clock.now());
    }
    const stays =
      (state === STATE.cancelled && this.#does('the tag is readable after CANCEL')) ||
      (state === STATE.expired && this.#does('the tag is readable after the expiry'));
    if (!stays) this.#readable = undefined;
  }

  /** A phone reads the tag. Returns what it reads. */
  tap(): Uint8Array | undefined {
    if (this.live || this.#does('taps are counted after the end')) {
      const more = this.taps + (this.#does('each tap counts twice') ? 2 : 1);
      const counted = this.#does('taps wrap at 255') ? more % 256 : Math.min(more, MOST_TAPS);
      const counts = this.#options.taps !== 'none' && !(this.taps > 0 && this.#does('only the first tap counts'));
      if (counts) this.taps = counted;
      if (this.live && !this.#does('a tap sends no LINK') && this.#options.taps !== 'none') this.#options.onChange();
    }
    return this.#readable;
  }

  fault(): void {
    this.broken = true;
    if (!this.live || this.#does('a fault leaves the payment link')) return;
    this.end(this.#does('a fault makes the state expired') ? STATE.expired : STATE.idle);
    if (!this.#does('a fault sends no LINK')) this.#options.onChange();
  }

  repair(): void {
    this.broken = false;
    if (this.order && this.#does('after a repair the old payment link is live')) {
      this.state = STATE.ready;
      this.startAgain();
    }
  }

  /** A start of the device. */
  restart(): void {
    const survives = this.#does('the payment link survives a restart');
    const state = this.state;
    const readable = this.#readable;
    this.broken = false;
    if (survives) return;
    this.end(STATE.idle);
    if (!this.#does('the taps survive a restart')) this.taps = 0;
    this.order = undefined;
    if (this.#does('the state survives a restart')) this.state = state === STATE.ready ? STATE.cancelled : state;
    if (this.#does('the tag is not blank after a restart')) this.#readable = readable;
  }

  /** A request came: the device looks at the time, if it has not done it before. */
  notice(): void {
    const over = this.live && this.#options.clock.now() >= this.#endsAt;
    if (over && this.#does('the expiry is noticed by requests only')) this.#expire();
  }

  /** Stops the timer, so that nothing is left behind. */
  dispose(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  #failed(order: Order): boolean {
    if (this.#does('a PAY that fails makes the state idle')) this.state = STATE.idle;
    if (this.#does('the tag is readable after a PAY that fails')) {
      this.#readable = ndefOf(order, this.#does, this.#options.android);
    }
    return false;
  }

  #start(seconds: number | undefined): void {
    const byDefault = this.#does('the default lifetime is 90 s')
      ? 90
      : this.#does('the default lifetime has no end')
        ? Number.POSITIVE_INFINITY
        : 900;
    const before = this.#does('a PAY without an expiry time takes the one before') && this.lifetime;
    const ms = (seconds ?? (before || byDefault)) * (this.#does('the expiry time is in milliseconds') ? 1 : 1000);
    const short = this.#does('the lifetime has 16 bits of milliseconds');
    const overflows = ms > LONGEST_TIMER_MS && this.#does('the largest expiry time ends at once');
    this.#lifetimeMs = overflows ? 1 : short ? ms % 65_536 : ms;
    this.startAgain();
  }

  #setTimer(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    const left = this.#endsAt - clock.now();
    if (left > 0) {
      this.#timer = clock.setTimeout(() => this.#setTimer(), Math.min(left, LONGEST_TIMER_MS));
      return;
    }
    const late = 5000 - (clock.now() % 5000);
    if (late < 5000 && this.#does('the expiry is looked at every 5 s')) {
      this.#timer = clock.setTimeout(() => this.#expire(), late);
      return;
    }
    if (!this.#does('the expiry is noticed by requests only')) this.#expire();
  }

  /** The time of the payment link is over. */
  #expire(): void {
    if (!this.live || this.#does('a payment link does not end')) return;
    this.end(this.#does('the expiry makes the state idle') ? STATE.idle : STATE.expired);
    const silent = this.#does('the expiry sends no LINK') || this.#does('the expiry is noticed by requests only');
    if (!silent) this.#options.onChange();
  }
}
