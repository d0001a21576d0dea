const LINE_FEED = 0x0a;

/** Cuts bytes into lines, and keeps no line that is longer than a bound: a writer who never ends one must not fill memory. */
export class BoundedLines {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** In a line that is too long: what is left of it is skipped. */
  #skipping = false;

  /**
   * @param onLine Gets each line without its end.
   * @param onTooLong Told once for each line that is left out, as soon as it is too long.
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

  /** The end of a line, or of all: what is there without an end is a line too. */
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
