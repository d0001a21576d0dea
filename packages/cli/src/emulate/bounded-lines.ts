const LINE_FEED = 0x0a;

/**
 * Splits bytes into lines. It drops each line that is longer than a bound, because a writer that never ends a line must
 * not fill the memory.
 */
export class BoundedLines {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** True inside a line that is too long. The rest of this line is skipped. */
  #skipping = false;

  /**
   * @param onLine Called with each line, without its line end.
   * @param onTooLong Called once for each dropped line, as soon as the line is too long.
   */
  constructor(maxBytes: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      this.#keep(bytes.subarray(start, end));
      this.end();
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  /** Call this at the end of the input. The bytes after the last line end are a line too. */
  end(): void {
    if (!this.#skipping && this.#length > 0) this.#onLine(Buffer.concat(this.#chunks).toString().replace(/\r$/, ''));
    this.#forget();
    this.#skipping = false;
  }

  #keep(bytes: Uint8Array): void {
    if (this.#skipping || bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= this.#maxBytes) return;
    this.#forget();
    this.#skipping = true;
    this.#onTooLong();
  }

  #forget(): void {
    this.#chunks = [];
    this.#length = 0;
  }
}
