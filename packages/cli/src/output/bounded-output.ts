import type { Writable } from 'node:stream';

/** The number of bytes that can wait for a reader. */
export const MAX_WAITING = 1 << 20;

/**
 * Writes lines for a reader that can be slow, or can stop reading. A host can cause more lines than the reader reads,
 * and these lines must not fill the memory. If a megabyte waits, further lines are left out until the reader has read
 * everything. Then a line reports the number of lines that were left out.
 */
export class BoundedOutput {
  readonly #stream: Writable;
  readonly #tellLeftOut: (count: number) => string;
  #leftOut = 0;

  constructor(stream: Writable, tellLeftOut: (count: number) => string) {
    this.#stream = stream;
    this.#tellLeftOut = tellLeftOut;
  }

  /** @param line Returns the line with its line end. It is not called if the line is left out. */
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
