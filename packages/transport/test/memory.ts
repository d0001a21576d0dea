import type { ConformanceCapabilities, ConformanceHarness } from '../src/conformance/index.js';
import {
  type AbortOptions,
  type Channel,
  type ChannelHandlers,
  type DeviceInfo,
  type Transport,
  TransportError,
} from '../src/index.js';

/** All capabilities that a setup can declare. */
export const everything: ConformanceCapabilities = {
  unplug: true,
  listFollowsUnplug: true,
  watch: true,
  secondOpen: 'works',
  seesChannels: true,
  stallBytes: 1000,
};

/**
 * A device in memory and the smallest correct transport to it. It works only in microtasks, so all its work is finished
 * when the event loop turns.
 */
export class MemoryDevice implements ConformanceHarness {
  readonly info: DeviceInfo = { id: 'memory-1' };
  readonly transport: Transport;
  readonly received: (bytes: Uint8Array) => void;
  readonly channels: MemoryChannel[] = [];
  readonly watchers = new Set<{ onChange: () => void }>();
  plugged = true;
  stalled = false;
  greeting: Uint8Array | undefined;
  #noChannels = (): void => {};

  constructor(received: (bytes: Uint8Array) => void) {
    this.received = received;
    this.transport = memoryTransport(this);
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.channels.at(-1)?.deliver(bytes);
  }

  async unplug(): Promise<void> {
    this.plugged = false;
    for (const channel of [...this.channels]) channel.end(new TransportError('disconnected', 'unplugged'));
    this.#tellWatchers();
  }

  async plug(): Promise<void> {
    this.plugged = true;
    this.#tellWatchers();
  }

  async greet(bytes: Uint8Array): Promise<void> {
    this.greeting = bytes;
  }

  async channelsClosed(): Promise<void> {
    if (this.channels.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#noChannels = resolve;
    });
  }

  async stall(): Promise<void> {
    this.stalled = true;
  }

  async resume(): Promise<void> {
    this.stalled = false;
  }

  async dispose(): Promise<void> {}

  forget(channel: MemoryChannel): void {
    const index = this.channels.indexOf(channel);
    if (index !== -1) this.channels.splice(index, 1);
    if (this.channels.length === 0) this.#noChannels();
  }

  #tellWatchers(): void {
    for (const watcher of this.watchers) watcher.onChange();
  }
}

function memoryTransport(device: MemoryDevice): Transport {
  return {
    name: 'memory',
    async list({ signal }: AbortOptions = {}) {
      signal?.throwIfAborted();
      return device.plugged ? [device.info] : [];
    },
    async open({ id }, handlers, { signal }: AbortOptions = {}) {
      signal?.throwIfAborted();
      await undefined;
      signal?.throwIfAborted();
      if (!device.plugged || id !== device.info.id) throw new TransportError('not-found', `no device ${id}`);
      return new MemoryChannel(device, handlers);
    },
    watch(onChange) {
      const watcher = { onChange };
      device.watchers.add(watcher);
      return () => {
        device.watchers.delete(watcher);
      };
    },
  };
}

export class MemoryChannel implements Channel {
  readonly #device: MemoryDevice;
  readonly #handlers: ChannelHandlers;
  readonly #closed: Promise<void>;
  #resolveClosed = (): void => {};
  #ended = false;

  constructor(device: MemoryDevice, handlers: ChannelHandlers) {
    this.#device = device;
    this.#handlers = handlers;
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    device.channels.push(this);
    if (device.greeting) this.deliver(device.greeting);
    device.greeting = undefined;
  }

  async write(bytes: Uint8Array, { signal }: AbortOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended) throw new TransportError('disconnected', 'closed');
    if (this.#device.stalled) await this.#blocked(signal);
    this.#device.received(bytes.slice());
  }

  async close(): Promise<void> {
    this.end(undefined);
    await this.#closed;
  }

  deliver(bytes: Uint8Array): void {
    const copy = bytes.slice();
    queueMicrotask(() => {
      if (!this.#ended) this.#handlers.onData(copy);
    });
  }

  end(error: TransportError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#device.forget(this);
    queueMicrotask(() => {
      this.#handlers.onClose(error);
      this.#resolveClosed();
    });
  }

  #blocked(signal: AbortSignal | undefined): Promise<never> {
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      void this.#closed.then(() => reject(new TransportError('disconnected', 'closed')));
    });
  }
}
