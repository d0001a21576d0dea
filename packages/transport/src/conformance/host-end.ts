import type { ChannelHandlers } from '../transport.js';
import type { TransportError } from '../transport-error.js';
import { inWords } from './check.js';
import { Inbox, sameBytes } from './frames.js';

/** The host end of one channel. It has the handlers, records their calls, and checks the rules for these calls. */
export class HostEnd {
  readonly inbox = new Inbox();
  /** The argument of each call of `onClose`. */
  readonly closes: (TransportError | undefined)[] = [];
  /** Resolves at the first `onClose` with its argument. */
  readonly closed: Promise<TransportError | undefined>;
  /** Called inside `onClose`. */
  reactToClose: (() => void) | undefined;
  readonly handlers: ChannelHandlers;
  readonly #broken: string[] = [];
  readonly #chunks: { readonly given: Uint8Array; readonly copy: Uint8Array }[] = [];
  #refused = false;

  /** @param runningCall Returns the name of the call of the transport that is on the stack now, or undefined. */
  constructor(runningCall: () => string | undefined) {
    let close: (error: TransportError | undefined) => void;
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    const heard = (handler: string): void => {
      const call = runningCall();
      if (call !== undefined) this.#broken.push(`${handler} was called inside ${call}, before ${call} returned`);
      if (this.#refused) this.#broken.push(`${handler} was called although open was rejected`);
      if (this.closes.length > 0) this.#broken.push(`${handler} was called after onClose`);
    };
    this.handlers = {
      onData: (bytes) => {
        heard('onData');
        if (!(bytes instanceof Uint8Array) || bytes.length === 0) {
          this.#broken.push(`onData was called with ${inWords(bytes) || 'no bytes'} instead of at least one byte`);
          return;
        }
        this.#chunks.push({ given: bytes, copy: Uint8Array.from(bytes) });
        this.inbox.push(bytes);
      },
      onClose: (error) => {
        heard('onClose');
        this.closes.push(error);
        close(error);
        this.reactToClose?.();
      },
    };
  }

  /** Call it when the open with these handlers has been rejected. */
  refuse(): void {
    if (this.#chunks.length + this.closes.length > 0)
      this.#broken.push('a handler was called before open was rejected');
    this.#refused = true;
  }

  /** @throws Error that names each rule that was broken. */
  checkRules(): void {
    const broken = new Set(this.#broken);
    if (!this.#chunks.every(({ given, copy }) => sameBytes(given, copy))) {
      broken.add('the bytes of an onData call changed later, but they belong to the handler');
    }
    if (!this.#refused && this.closes.length === 0)
      broken.add('onClose was not called although the channel was closed');
    if (broken.size > 0) throw new Error([...broken].join('; '));
  }
}
