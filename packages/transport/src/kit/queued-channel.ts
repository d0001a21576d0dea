import type { Clock } from '../clock.js';
import type { AbortOptions, Channel, ChannelHandlers } from '../transport.js';
import { TransportError } from '../transport-error.js';
import { bindMethods } from './bind-methods.js';
import { bounded } from './bounded.js';
import { handData, tellClose } from './handlers.js';

/** What a channel needs of the library under it. */
export interface ChannelParts {
  /** Names the device in messages. */
  readonly name: string;
  /** Whom the channel tells of bytes and of its end. */
  readonly handlers: ChannelHandlers;
  /** Measures the time that `release` may take. */
  readonly clock: Clock;
  /** Hands bytes over; called for one write at a time, in order. Rejects with a TransportError; `disconnected` ends the channel. */
  send(bytes: Uint8Array): Promise<void>;
  /** Frees all that the channel holds; called once. */
  release(): Promise<unknown>;
}

/** How long `close` waits for a library that does not let go. Past it the device is left to the system. */
const RELEASE_TIMEOUT_MS = 800;

/**
 * The rules of `Channel` for a library that knows none of them: writes one after another, `onClose` exactly once, nothing called
 * from within `write` or `close`, a close that always ends, and nothing that a handler throws reaches the library. The owner calls `received` and `fail`.
 */
export class QueuedChannel implements Channel {
  readonly #parts: ChannelParts;
  #ended: { readonly error?: TransportError | undefined } | undefined;
  #closed: Promise<void> | undefined;
  /** The one that the library has, and behind it those that wait. Some may have settled: given up by their callers. */
  readonly #writes: Write[] = [];

  /** Takes over an open device: the channel calls `parts.release` when it ends. */
  constructor(parts: ChannelParts) {
    bindMethods(this);
    this.#parts = parts;
  }

  /** True once the channel has ended, by `close`, by `fail` or by a handler that threw. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Bytes came from the device; they belong to the receiver from now on. Dropped once the channel has ended. */
  received(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return;
    handData(this.#parts.handlers, bytes, this.#parts.name, (error) => this.#end(error));
  }

  /** Ends the channel because the device has gone; `onClose` gets this error. Nothing happens once it has ended. */
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
    // A write that was given up while it waited is not begun.
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
      timedOut: () => new TransportError('timeout', `${name} was not let go within ${RELEASE_TIMEOUT_MS} ms`),
    }).then(
      () => {},
      // It is gone, or hangs: either way there is nothing left to do, and nobody to tell.
      () => {},
    );
    if (error) {
      // Told at once; a library that takes its time to let go does not hide that the device has gone.
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
    // The caller may reuse its bytes as soon as an abort has let go of this call.
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

  /** Nothing, where it has settled. */
  fail(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.#settled = true;
    if (this.#onAbort) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
