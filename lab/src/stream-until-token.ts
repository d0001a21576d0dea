// Finds the end of a stream that the guest closes with a token, since a serial port has no end of its own.
import { Transform } from 'node:stream';

/**
 * Passes on what comes before the token and ends there. Only bytes that may be the token's beginning wait for more, so that
 * a prompt without a newline is seen at once. The token's first byte must not occur again in it.
 */
export class StreamUntilToken extends Transform {
  readonly #token: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(token: string) {
    super();
    this.#token = Buffer.from(token);
    if (this.#token.indexOf(this.#token.subarray(0, 1), 1) !== -1) throw new RangeError('the token repeats its start');
  }

  /** Whether everything was passed on and taken; a stream may also end without its token. */
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

/** Where a token begins that `bytes` may end with; their length when there is none. */
function startOf(token: Buffer, bytes: Buffer): number {
  const at = bytes.lastIndexOf(token.subarray(0, 1));
  const rest = bytes.subarray(at);
  return at !== -1 && rest.equals(token.subarray(0, rest.length)) ? at : bytes.length;
}
