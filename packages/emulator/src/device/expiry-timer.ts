import type { Clock } from '@bluetap/transport';

/** Longest wait handed to a timer. An expiry can be 68 years, and a setTimeout of more than 24 days fires immediately. */
const LONGEST_TIMER_MS = 86_400_000;

/** Calls back when the lifetime of a payment link is over, as soon as the clock lets it. */
export class ExpiryTimer {
  readonly #clock: Clock;
  readonly #onExpiry: () => void;
  /** In whole milliseconds of the clock: fractions would let 900 s be rounded up to 901. */
  #deadline = 0;
  #timer: unknown;

  constructor(clock: Clock, onExpiry: () => void) {
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  /** Milliseconds until the expiry; 0 or less when it is over. It needs no timer for that. */
  get left(): number {
    return this.#deadline - Math.floor(this.#clock.now());
  }

  /** Begins a lifetime of so many seconds, in place of any other. */
  start(seconds: number): void {
    this.#deadline = Math.floor(this.#clock.now()) + seconds * 1000;
    this.#wait();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    this.stop();
    this.#timer = this.#clock.setTimeout(
      () => {
        // A timer can be early, and this one may be only a part of the way.
        if (this.left > 0) this.#wait();
        else this.#onExpiry();
      },
      Math.min(this.left, LONGEST_TIMER_MS),
    );
    // An emulator that is not closed does not keep a finished program running: `left` needs no timer.
    (this.#timer as { unref?: () => void } | null | undefined)?.unref?.();
  }
}
