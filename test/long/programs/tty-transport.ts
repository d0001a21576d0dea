import { constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { type Channel, type ChannelHandlers, type DeviceInfo, type Transport, TransportError } from './packages.js';

/**
 * A pseudo-terminal as a transport, for these tests alone: it sets no line speed and no modes, since the emulator's side has
 * made the terminal raw. Its path can change while the program runs, as a replugged adapter's does.
 */
export class TtyTransport implements Transport {
  readonly name = 'tty';
  readonly #watchers = new Set<() => void>();
  #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  set path(path: string) {
    this.#path = path;
    for (const watcher of this.#watchers) watcher();
  }

  async list(): Promise<readonly DeviceInfo[]> {
    return [{ id: this.#path, path: this.#path, interface: 'pseudo-terminal' }];
  }

  async open({ id }: DeviceInfo, handlers: ChannelHandlers): Promise<Channel> {
    let descriptor: number;
    try {
      descriptor = openSync(id, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch (cause) {
      throw new TransportError('not-found', `${id} cannot be opened`, { cause });
    }
    return new TtyChannel(id, new ReadStream(descriptor), handlers);
  }

  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => void this.#watchers.delete(onChange);
  }
}

class TtyChannel implements Channel {
  readonly #path: string;
  /** Node calls it a ReadStream, and it writes as well: it is a socket on the terminal. */
  readonly #stream: ReadStream;
  readonly #closed: Promise<void>;
  #ended: { readonly error?: TransportError } | undefined;

  constructor(path: string, stream: ReadStream, handlers: ChannelHandlers) {
    this.#path = path;
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => handlers.onData(new Uint8Array(chunk)));
    const gone = (cause?: Error) =>
      this.#end({ error: new TransportError('disconnected', `${path} has gone`, { cause }) });
    // A hangup is an end or EIO, as the kernel likes.
    stream.on('end', () => gone());
    stream.on('error', gone);
    this.#closed = new Promise((resolve) => {
      stream.on('close', () => {
        handlers.onClose(this.#ended?.error);
        resolve();
      });
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#ended) throw new TransportError('disconnected', `${this.#path} is closed`);
    return new Promise((resolve, reject) => {
      this.#stream.write(Uint8Array.from(bytes), (cause) => {
        if (cause) reject(new TransportError('disconnected', `${this.#path} has gone`, { cause }));
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    this.#end({});
    return this.#closed;
  }

  #end(why: { readonly error?: TransportError }): void {
    this.#ended ??= why;
    this.#stream.destroy();
  }
}
