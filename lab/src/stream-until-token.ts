// Finds the end of a stream from the guest. The guest ends each stream with a token, because a serial port has no end.
import { Transform } from 'node:stream';

/**
 * Forwards the bytes before the token, and ends at the token. It keeps bytes back only if they may be the start of the
 * token. So a prompt without a newline is visible immediately. The first byte of the token must not occur again in the
 * token.
 */
export class StreamUntilToken extends Transform {
  readonly #token: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(token: string) {
    super();
    this.#token = Buffer.from(token);
    if (this.#token.indexOf(this.#token.subarray(0, 1), 1) !== -1)
      throw new RangeError('the first byte of the token must not occur again in the token');
  }

  /** True if the token came and a reader has taken every byte before it. A stream may also end without its token. */
  get complete(): boolean {
    return this.#ended && this.readableEnded;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.#ended) this.#look(this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk);
    done();
  }

  #look(bytes: Buffer): void {
    const at = bytes.indexOf(this.#token);
    this.#ended = at !== -1;
    const end = this.#ended ? at : startOf(this.#token, bytes);
    this.#held = bytes.subarray(end);
    if (end > 0) this.push(bytes.subarray(0, end));
    if (this.#ended) this.push(null);
  }

  override _flush(done: () => void): void {
    if (!this.#ended && this.#held.length > 0) this.push(this.#held);
    done();
  }
}

/**
 * Returns the position at which the start of a token may begin at the end of `bytes`. Otherwise returns their length.
 */
function startOf(token: Buffer, bytes: Buffer): number {
  const at = bytes.lastIndexOf(token.subarray(0, 1));
  const rest = bytes.subarray(at);
  return at !== -1 && rest.equals(token.subarray(0, rest.length)) ? at : bytes.length;
}
