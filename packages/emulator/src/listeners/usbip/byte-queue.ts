/** What has come through a socket and is not yet used. Nothing is reserved before it is there, whatever a header claims. */
export class ByteQueue {
  #bytes: Buffer = Buffer.alloc(0);
  /** The part of `#bytes` in use. */
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  push(chunk: Uint8Array): void {
    if (this.length === 0 && chunk.length > 0) {
      // The usual case: a segment holds whole commands, and nothing is copied.
      this.#bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    const length = this.length + chunk.length;
    if (this.#end + chunk.length > this.#bytes.length) {
      // Twice the length, or a stream of single bytes would be copied again for each of them.
      const larger = Buffer.allocUnsafe(length * 2);
      this.#bytes.copy(larger, 0, this.#start, this.#end);
      this.#bytes = larger;
      this.#end = this.length;
      this.#start = 0;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next bytes without using them up; undefined until that many are there. They stay as they are until `push`. */
  peek(length: number): Buffer | undefined {
    return length <= this.length ? this.#bytes.subarray(this.#start, this.#start + length) : undefined;
  }

  /** Uses up bytes that are there. */
  skip(length: number): void {
    this.#start += length;
    // A large piece must not be held for the sake of a few bytes that may never come.
    if (this.#start === this.#end) this.clear();
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
    this.#start = 0;
    this.#end = 0;
  }
}
