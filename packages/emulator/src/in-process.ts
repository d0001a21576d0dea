import {
  type CallOptions,
  type DeviceInfo,
  type Link,
  type LinkHandlers,
  type Transport,
  TransportError,
} from '@bluetap/transport';
import type { PortConnection } from './connection.js';
import type { Emulator } from './emulator.js';

/** The emulated device through the same seam as a real one. Bytes cross by microtask, in order, and never re-enter. */
export class InProcessTransport implements Transport {
  readonly name = 'emulator';
  readonly #emulator: Emulator;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  async list({ signal }: CallOptions = {}): Promise<readonly DeviceInfo[]> {
    signal?.throwIfAborted();
    if (!this.#emulator.plugged) return [];
    return [
      {
        id: this.#id,
        serialNumber: this.#emulator.face.serialNumber,
        product: 'BlueTap (simulated)',
        interface: 'in-process',
        simulated: true,
      },
    ];
  }

  async open(device: DeviceInfo, handlers: LinkHandlers, { signal }: CallOptions = {}): Promise<Link> {
    signal?.throwIfAborted();
    // Real opening takes a moment, in which a device can go and a caller can change its mind.
    await undefined;
    signal?.throwIfAborted();
    if (!this.#emulator.plugged || device.id !== this.#id) {
      throw new TransportError('not-found', `${this.#emulator}: no ${device.id} is plugged in now; list again`);
    }
    return new InProcessLink(this.#emulator, handlers);
  }

  watch(onChange: () => void): () => void {
    if (this.#emulator.closed) return () => {};
    let stopped = false;
    const unfollow = this.#emulator.follow({ onPlug: () => queueMicrotask(() => stopped || onChange()) });
    return () => {
      stopped = true;
      unfollow();
    };
  }

  /** Another one after each replug, as with a device node. */
  get #id(): string {
    return `emulator:${this.#emulator.attachment}`;
  }
}

class InProcessLink implements Link {
  readonly #device: string;
  readonly #handlers: LinkHandlers;
  readonly #connection: PortConnection;
  /** There once nothing more can be written; resolves when `onClose` has been called. */
  #ended: Promise<void> | undefined;
  #muted = false;

  constructor(emulator: Emulator, handlers: LinkHandlers) {
    this.#device = String(emulator);
    this.#handlers = handlers;
    this.#connection = emulator.attach({
      name: 'in-process',
      send: (bytes) => queueMicrotask(() => this.#muted || handlers.onData(bytes)),
      // What was sent before is in the queue already and still arrives.
      close: () => void this.#end(new TransportError('disconnected', `${this.#device} was unplugged`)),
    });
  }

  async write(bytes: Uint8Array, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended !== undefined) throw new TransportError('disconnected', `${this.#device}: this link has ended`);
    const copy = bytes.slice();
    queueMicrotask(() => this.#connection.receive(copy));
  }

  close(): Promise<void> {
    if (this.#ended === undefined) this.#muted = true;
    return this.#end();
  }

  #end(error?: TransportError): Promise<void> {
    this.#ended ??= new Promise((resolve) => {
      queueMicrotask(() => {
        this.#connection.end();
        try {
          this.#handlers.onClose(error);
        } finally {
          resolve();
        }
      });
    });
    return this.#ended;
  }
}
