import type { Socket } from 'node:net';
import type { AbortOptions, Channel, ChannelHandlers, TransportError } from '@bluetap/transport';
import { bindMethods, handData, tellClose } from '@bluetap/transport/kit';
import { broken, disconnected } from './errors.js';

/** A channel over a connected socket. */
export class SocketChannel implements Channel {
  readonly #address: string;
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  /** The functions that reject the writes under way. */
  readonly #underWay = new Set<(error: TransportError) => void>();
  /** The reason why the channel has ended or is ending. The first reason counts. */
  #ended: { readonly error?: TransportError | undefined } | undefined;

  constructor(address: string, socket: Socket, handlers: ChannelHandlers) {
    bindMethods(this);
    this.#address = address;
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      handData(handlers, bytes, address, (error) => this.#end({ error }));
    });
    // Otherwise Node would wait until all written bytes are sent. This never happens if the device is gone.
    socket.on('end', () => this.#end({ error: disconnected(address, 'the far end closed the connection') }));
    socket.on('error', (cause) => this.#end({ error: broken(address, cause) }));
    this.#closed = new Promise((resolve) => {
      socket.on('close', () => {
        tellClose(handlers, this.#ended?.error);
        resolve();
      });
    });
  }

  async write(bytes: Uint8Array, { signal }: AbortOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended) throw disconnected(this.#address, 'the channel is closed');
    // The socket keeps bytes that it cannot send yet, but after an abort the caller may reuse its array.
    const copy = new Uint8Array(bytes);
    return new Promise((resolve, reject) => {
      const forget = (): void => {
        signal?.removeEventListener('abort', onAbort);
        this.#underWay.delete(fail);
      };
      const fail = (error: unknown): void => {
        forget();
        reject(error);
      };
      const onAbort = (): void => fail(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      this.#underWay.add(fail);
      this.#socket.write(copy, (error) => {
        if (error) return fail(broken(this.#address, error));
        forget();
        resolve();
      });
    });
  }

  close(): Promise<void> {
    this.#end({});
    return this.#closed;
  }

  #end(why: { readonly error?: TransportError | undefined }): void {
    this.#ended ??= why;
    this.#socket.destroy();
    // The socket cannot do this: it reports success for a write that it was sending when it was destroyed.
    for (const fail of this.#underWay) fail(why.error ?? disconnected(this.#address, 'the channel was closed'));
  }
}
