/** Turns of the microtask queue in which a result reaches the program, through some async functions of its own too. */
const HEARING_TURNS = 16;

/**
 * Tells the program what the device said in the order of the wire. A result goes through promises and an event does not, so
 * an event that came behind a reply would be heard before the result that rests on that reply: it waits here.
 */
export class ToldInOrder {
  #waiting: (() => void)[] = [];
  #untold = false;

  /** A reply has been received: everything before it is told now, and what comes behind it waits until `told`. */
  received(): void {
    this.#tellAll();
    this.#untold = true;
  }

  /** What rests on the reply is on its way to the program. */
  told(): void {
    if (this.#waiting.length === 0) this.#untold = false;
    else void this.#afterHearing();
  }

  /** Tells now, or in its turn. */
  tell(event: () => void): void {
    if (this.#untold) this.#waiting.push(event);
    else event();
  }

  /** Nothing more is told. */
  close(): void {
    this.#waiting = [];
  }

  async #afterHearing(): Promise<void> {
    const waiting = this.#waiting;
    for (let turn = 0; turn < HEARING_TURNS; turn++) await undefined;
    // Another reply may have come since. Then these were told before it.
    if (this.#waiting === waiting) this.#tellAll();
  }

  #tellAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#untold = false;
    for (const event of waiting) event();
  }
}
