import type { Clock } from '../clock.js';
import type { CallOptions, Link, LinkHandlers } from '../transport.js';
import { TransportError } from '../transport-error.js';
import { bounded } from './bounded.js';

/** What a link needs of the library under it. */
export interface LinkParts {
  /** Names the device in messages. */
  readonly name: string;
  readonly handlers: LinkHandlers;
  readonly clock: Clock;
  /** Hands bytes over; called for one write at a time, in order. Rejects with a TransportError; `disconnected` ends the link. */
  send(bytes: Uint8Array): Promise<void>;
  /** Frees all that the link holds; called once. */
  release(): Promise<unknown>;
}

/** How long `close` waits for a library that does not let go. Past it the device is left to the system. */
const RELEASE_TIMEOUT_MS = 800;

/**
 * The rules of `Link` for a library that knows none of them: writes one after another, `onClose` exactly once, nothing called
 * from within `write` or `close`, a close that always ends. The owner calls `received` and `fail`.
 */
export class QueuedLink implements Link {
  readonly #parts: LinkParts;
  #ended: { readonly error?: TransportError } | undefined;
  #closed: Promise<void> | undefined;
  /** The write under way and those that wait for it. */
  #writing: Promise<void> = Promise.resolve();
  /** Rejects each write that has not settled. */
  readonly #unsettled = new Set<(error: unknown) => void>();

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Bytes came from the device; they belong to the receiver from now on. Dropped once the link has ended. */
  received(bytes: Uint8Array): void {
    if (!this.#ended && bytes.length > 0) this.#parts.handlers.onData(bytes);
  }

  /** The link is gone, by itself. */
  fail(error: TransportError): void {
    this.#end(error);
  }

  async write(bytes: Uint8Array, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended) throw this.#gone();
    // The caller may reuse its bytes as soon as an abort has let go of this call.
    const copy = new Uint8Array(bytes);
    return new Promise((resolve, reject) => {
      const settle = <V>(how: (value: V) => void) => {
        return (value: V): void => {
          signal?.removeEventListener('abort', onAbort);
          this.#unsettled.delete(fail);
          how(value);
        };
      };
      const fail = settle<unknown>(reject);
      const onAbort = (): void => fail(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      this.#unsettled.add(fail);
      this.#writing = this.#writing
        // A write that was given up while it waited is not begun.
        .then(() => (this.#unsettled.has(fail) ? this.#parts.send(copy) : undefined))
        .then(settle<void>(resolve), (error: TransportError) => {
          fail(error);
          if (error.code === 'disconnected') this.#end(error);
        });
    });
  }

  close(): Promise<void> {
    this.#end();
    return this.#closed!;
  }

  #end(error?: TransportError): void {
    if (this.#ended) return;
    this.#ended = error ? { error } : {};
    for (const fail of [...this.#unsettled]) fail(error ?? this.#gone());
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
      const told = Promise.resolve().then(() => handlers.onClose(error));
      this.#closed = Promise.all([told, released]).then(() => {});
    } else this.#closed = released.then(() => handlers.onClose());
  }

  #gone(): TransportError {
    const { error } = this.#ended ?? {};
    return new TransportError(
      'disconnected',
      `${this.#parts.name}: ${error ? 'the link has ended' : 'the link was closed'}`,
    );
  }
}
