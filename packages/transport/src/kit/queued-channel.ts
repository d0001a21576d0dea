import type { Clock } from '../clock.js';
import type { AbortOptions, Channel, ChannelHandlers } from '../transport.js';
import { TransportError } from '../transport-error.js';
import { bindMethods } from './bind-methods.js';
import { bounded } from './bounded.js';
import { handData, tellClose } from './handlers.js';

/** The parts that a channel needs from its library. */
export interface ChannelParts {
  /** Names the device in messages. */
  readonly name: string;
  /** The handlers that get the bytes and the end of the channel. */
  readonly handlers: ChannelHandlers;
  /** Measures the time that `release` may take. */
  readonly clock: Clock;
  /**
   * Sends the bytes of one write. The writes come one at a time, in order. Rejects with a TransportError.
   * `disconnected` ends the channel.
   */
  send(bytes: Uint8Array): Promise<void>;
  /** Frees the resources of the channel. Called once. */
  release(): Promise<unknown>;
}

/** How long `close` waits for a library that does not release the device. After this time, the system must free it. */
const RELEASE_TIMEOUT_MS = 800;

/**
 * A `Channel` over a library that does not know the rules of `Channel`. It sends one write after another and calls
 * `onClose` exactly once. It never calls a handler inside a call of `write` or `close`. `close` always ends. An error
 * of a handler never reaches the library. The owner calls `received` and `fail`.
 */
export class QueuedChannel implements Channel {
  readonly #parts: ChannelParts;
  #ended: { readonly error?: TransportError | undefined } | undefined;
  #closed: Promise<void> | undefined;
  /** The write that the library sends now, then the writes that wait. A waiting write may have settled by an abort. */
  readonly #writes: Write[] = [];

  /** Makes a channel of an open device. The channel calls `parts.release` when it ends. */
  constructor(parts: ChannelParts) {
    bindMethods(this);
    this.#parts = parts;
  }

  /** True once the channel has ended, by `close`, by `fail` or by a handler that threw. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Call it with bytes from the device. From now on, the array belongs to the handler. Ignored after the channel has
   * ended.
   */
  received(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return;
    handData(this.#parts.handlers, bytes, this.#parts.name, (error) => this.#end(error));
  }

  /** Ends the channel because the device is gone. `onClose` gets this error. Ignored after the channel has ended. */
  fail(error: TransportError): void {
    this.#end(error);
  }

  write(bytes: Uint8Array, { signal }: AbortOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#ended) throw this.#gone();
      const write = new Write(bytes, signal, resolve, reject);
      if (this.#writes.push(write) === 1) this.#send(write);
    });
  }

  close(): Promise<void> {
    this.#end();
    return this.#closed!;
  }

  #send(write: Write): void {
    this.#parts.send(write.bytes).then(
      () => {
        write.succeed();
        this.#next();
      },
      (error: TransportError) => {
        write.fail(error);
        if (error.code === 'disconnected') this.#end(error);
        this.#next();
      },
    );
  }

  #next(): void {
    // A write that was aborted while it waited is not sent.
    do this.#writes.shift();
    while (this.#writes[0]?.settled);
    if (this.#writes[0]) this.#send(this.#writes[0]);
  }

  #end(error?: TransportError): void {
    if (this.#ended) return;
    this.#ended = error ? { error } : {};
    for (const write of this.#writes) write.fail(error ?? this.#gone());
    const { clock, handlers, name } = this.#parts;
    const released = bounded(() => this.#parts.release(), {
      clock,
      timeoutMs: RELEASE_TIMEOUT_MS,
      timedOut: () => new TransportError('timeout', `${name} was not released within ${RELEASE_TIMEOUT_MS} ms`),
    }).then(
      () => {},
      // The device is gone, or the library hangs. There is nothing to do, and no handler needs this error.
      () => {},
    );
    if (error) {
      // `onClose` does not wait for a slow release, so the host learns early that the device is gone.
      const told = Promise.resolve().then(() => tellClose(handlers, error));
      this.#closed = Promise.all([told, released]).then(() => {});
    } else this.#closed = released.then(() => tellClose(handlers));
  }

  #gone(): TransportError {
    const { error } = this.#ended ?? {};
    return new TransportError(
      'disconnected',
      `${this.#parts.name}: ${error ? 'the channel has ended' : 'the channel was closed'}`,
    );
  }
}

/** One write, until it settles: by the library, by its signal, or by the end of the channel. */
class Write {
  readonly bytes: Uint8Array;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: (() => void) | undefined;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #settled = false;

  constructor(
    bytes: Uint8Array,
    signal: AbortSignal | undefined,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    // After an abort, the caller may reuse its array immediately.
    this.bytes = new Uint8Array(bytes);
    this.#resolve = resolve;
    this.#reject = reject;
    if (!signal) return;
    this.#signal = signal;
    this.#onAbort = () => this.fail(signal.reason);
    signal.addEventListener('abort', this.#onAbort);
  }

  get settled(): boolean {
    return this.#settled;
  }

  succeed(): void {
    this.#settle();
    this.#resolve();
  }

  /** No effect after the write has settled. */
  fail(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.#settled = true;
    if (this.#onAbort) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
