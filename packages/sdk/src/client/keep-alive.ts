import type { Clock } from '@bluetap/transport';

/** The timer of an idle client. When the time is over, the client asks whether the device is still there. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #ask: () => void;
  #timer: unknown;

  /** @param ms How long the client may be idle, in milliseconds. 0 means without limit. */
  constructor(clock: Clock, ms: number, ask: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#ask = ask;
  }

  /** The client is idle now: starts the timer. */
  rest(): void {
    if (this.#ms > 0) this.#timer = this.#clock.setTimeout(this.#ask, this.#ms);
  }

  /** The client has work again, or is closed: stops the timer. */
  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
