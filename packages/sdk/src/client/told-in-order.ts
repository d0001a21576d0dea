/**
 * The number of microtask turns after which a result has reached the program, also through some async functions of the
 * program.
 */
const HEARING_TURNS = 16;

/**
 * Emits events and returns results in the order of the wire. A result goes through promises and an event does not. An
 * event that came after a reply would therefore reach the program before the result of that reply. So the event waits
 * here.
 */
export class ToldInOrder {
  #waiting: (() => void)[] = [];
  #untold = false;

  /** A reply has been received. Every event before it is emitted now. Every event after it waits until `told`. */
  received(): void {
    this.#tellAll();
    this.#untold = true;
  }

  /** The result that rests on the reply is on its way to the program. */
  told(): void {
    if (this.#waiting.length === 0) this.#untold = false;
    else void this.#afterHearing();
  }

  /** Emits an event now, or later if it has to wait. */
  tell(event: () => void): void {
    if (this.#untold) this.#waiting.push(event);
    else event();
  }

  /** Emits the events that wait, before what is emitted next. Later events still wait for `told`. */
  tellWaiting(): void {
    const untold = this.#untold;
    this.#tellAll();
    this.#untold = untold;
  }

  /** Emits no more events. */
  close(): void {
    this.#waiting = [];
  }

  async #afterHearing(): Promise<void> {
    const waiting = this.#waiting;
    for (let turn = 0; turn < HEARING_TURNS; turn++) await undefined;
    // If another reply has come in the time between, these events were emitted before it.
    if (this.#waiting === waiting) this.#tellAll();
  }

  #tellAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#untold = false;
    for (const event of waiting) event();
  }
}
