import type { Readable } from 'node:stream';

/** Enough for any result. Of a longer output, the end counts. */
const KEPT_BYTES = 65_536;

/** A host that prints more than this has lost its way. */
export const MOST_BYTES = 8_000_000;

/** Keeps the end of an output, so that a host that prints megabytes costs nothing. */
export class OutputTail {
  #kept = Buffer.alloc(0);
  #bytes = 0;

  /** @param onTooMuch Called once when the output has more than `MOST_BYTES` bytes. */
  constructor(output: Readable, onTooMuch: () => void) {
    output.on('error', () => {});
    output.on('data', (bytes: Buffer) => {
      const before = this.#bytes;
      this.#bytes += bytes.length;
      this.#kept = Buffer.concat([this.#kept, bytes]).subarray(-KEPT_BYTES);
      if (this.#bytes > MOST_BYTES && before <= MOST_BYTES) onTooMuch();
    });
  }

  /** The last line that is not empty. */
  get lastLine(): string | undefined {
    return this.#kept
      .toString('utf8')
      .split('\n')
      .map((line) => line.trim())
      .findLast((line) => line !== '');
  }
}
