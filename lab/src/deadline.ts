/** The time limit of a whole run. */
export class Deadline {
  readonly seconds: number;
  readonly #end: number;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.#end = performance.now() + seconds * 1000;
  }

  /** The time that is left, in milliseconds. At least 1, because functions that take this value read 0 as no limit. */
  get left(): number {
    return Math.max(1, Math.ceil(this.#end - performance.now()));
  }
}
