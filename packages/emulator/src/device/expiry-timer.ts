import type { Clock } from '@bluetap/transport';

/**
 * The longest delay of a timer. An expiry time can be 68 years, but a setTimeout of more than 24 days fires
 * immediately.
 */
const LONGEST_TIMER_MS = 86_400_000;

/** Calls a function when the lifetime of a payment link is over, as soon as the clock allows. */
export class ExpiryTimer {
  readonly #clock: Clock;
  readonly #onExpiry: () => void;
  /** In whole milliseconds of the clock. With fractions, 900 s could be rounded up to 901 s. */
  #deadline = 0;
  #timer: unknown;

  constructor(clock: Clock, onExpiry: () => void) {
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  /** Milliseconds until the expiry; 0 or less if the lifetime is over. Does not depend on the timer. */
  get left(): number {
    return this.#deadline - Math.floor(this.#clock.now());
  }

  /** Starts a new lifetime of `ms` whole milliseconds and ends the old one. */
  start(ms: number): void {
    this.#deadline = Math.floor(this.#clock.now()) + ms;
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
        // A timer can fire early, or it waited for only a part of the lifetime.
        if (this.left > 0) this.#wait();
        else this.#onExpiry();
      },
      Math.min(this.left, LONGEST_TIMER_MS),
    );
    // The timer must not keep a finished program running if the emulator was not closed. `left` does not need the
    // timer.
    (this.#timer as { unref?: () => void } | null | undefined)?.unref?.();
  }
}
