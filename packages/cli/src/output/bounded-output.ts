import type { Writable } from 'node:stream';

/** How many bytes may wait for a reader. */
export const MAX_WAITING = 1 << 20;

/**
 * Lines for a reader who may be slow, or read no more: a host can make more happen than anybody reads, and the memory of
 * the process must not hold it all. Past a megabyte lines are left out, until the reader has caught up; then their number
 * is told.
 */
export class BoundedOutput {
  readonly #stream: Writable;
  readonly #tellLeftOut: (count: number) => string;
  #leftOut = 0;

  constructor(stream: Writable, tellLeftOut: (count: number) => string) {
    this.#stream = stream;
    this.#tellLeftOut = tellLeftOut;
  }

  /** @param line Makes it, with its end; not called for one that is left out. */
  write(line: () => string): void {
    if (this.#leftOut > 0) this.#leftOut++;
    else if (this.#stream.writableLength <= MAX_WAITING) this.#stream.write(line());
    else {
      this.#leftOut = 1;
      this.#stream.once('drain', () => {
        this.#stream.write(this.#tellLeftOut(this.#leftOut));
        this.#leftOut = 0;
      });
    }
  }
}
