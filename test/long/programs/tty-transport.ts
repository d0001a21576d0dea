import { constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { type Channel, type ChannelHandlers, type DeviceInfo, type Transport, TransportError } from './packages.js';

/**
 * A transport to a pseudo-terminal, only for these tests. It sets no line speed and no modes, because the emulator has
 * already set the terminal to raw mode. Its path can change while the program runs, like the path of a replugged
 * adapter.
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
  /** Node names this class ReadStream, but it writes too, because it is a socket on the terminal. */
  readonly #stream: ReadStream;
  readonly #closed: Promise<void>;
  #ended: { readonly error?: TransportError } | undefined;

  constructor(path: string, stream: ReadStream, handlers: ChannelHandlers) {
    this.#path = path;
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => handlers.onData(new Uint8Array(chunk)));
    const gone = (cause?: Error) =>
      this.#end({ error: new TransportError('disconnected', `${path} was disconnected`, { cause }) });
    // At a hangup, the kernel reports either an end or EIO.
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
        if (cause) reject(new TransportError('disconnected', `${this.#path} was disconnected`, { cause }));
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
