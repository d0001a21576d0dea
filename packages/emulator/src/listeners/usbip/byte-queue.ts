/**
 * Stores bytes that a socket has received and the server has not used yet. It reserves no memory before the bytes
 * arrive, even if a header claims a large length.
 */
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
      // In the usual case a segment contains whole commands, and no bytes are copied.
      this.#bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    const length = this.length + chunk.length;
    if (this.#end + chunk.length > this.#bytes.length) {
      // With twice the length, a stream of single bytes is not copied again for each byte.
      const larger = Buffer.allocUnsafe(length * 2);
      this.#bytes.copy(larger, 0, this.#start, this.#end);
      this.#bytes = larger;
      this.#end = this.length;
      this.#start = 0;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Returns the next bytes and keeps them in the queue; undefined if the queue has fewer bytes. The bytes do not change
   * before the next `push`.
   */
  peek(length: number): Buffer | undefined {
    return length <= this.length ? this.#bytes.subarray(this.#start, this.#start + length) : undefined;
  }

  /** Removes bytes that are in the queue. */
  skip(length: number): void {
    this.#start += length;
    // The queue must not keep a large chunk for a few bytes that may never come.
    if (this.#start === this.#end) this.clear();
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
    this.#start = 0;
    this.#end = 0;
  }
}
