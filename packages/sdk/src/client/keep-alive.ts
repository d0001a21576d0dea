import type { Clock } from '@bluetap/transport';

/** The timer of a client that rests: when it has run out, the device is asked whether it is still there. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #ask: () => void;
  #timer: unknown;

  /** @param ms How long the client may be idle, in milliseconds; 0: no limit. */
  constructor(clock: Clock, ms: number, ask: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#ask = ask;
  }

  /** Nothing is to be done. */
  rest(): void {
    if (this.#ms > 0) this.#timer = this.#clock.setTimeout(this.#ask, this.#ms);
  }

  /** Something is to be done, or nothing any more. */
  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
