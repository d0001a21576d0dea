/** The time that a whole run may take. */
export class Deadline {
  readonly seconds: number;
  readonly #end: number;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.#end = performance.now() + seconds * 1000;
  }

  /** In milliseconds, at least 1: 0 would mean no limit to those who are asked to keep it. */
  get left(): number {
    return Math.max(1, Math.ceil(this.#end - performance.now()));
  }
}
