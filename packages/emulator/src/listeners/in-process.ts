import {
  type AbortOptions,
  type Channel,
  type ChannelHandlers,
  type DeviceInfo,
  type Transport,
  TransportError,
} from '@bluetap/transport';
import { bindMethods, callBack } from '@bluetap/transport/kit';
import type { Connection } from '../contract/connection.js';
import type { EmulatedDevice } from '../contract/emulated-device.js';
import type { Report } from '../contract/report.js';

/** The emulated device through the same seam as a real one. Bytes cross by microtask, in order, and never re-enter. */
export class InProcessTransport implements Transport {
  readonly name = 'emulator';
  readonly #emulator: EmulatedDevice;
  readonly #report: Report;

  /**
   * @param report Gets an error that a host's function throws or rejects with: a microtask calls it, where no code
   * catches.
   */
  constructor(emulator: EmulatedDevice, report: Report) {
    this.#emulator = emulator;
    this.#report = report;
    bindMethods(this);
  }

  async list({ signal }: AbortOptions = {}): Promise<readonly DeviceInfo[]> {
    signal?.throwIfAborted();
    if (!this.#emulator.plugged) return [];
    return [
      {
        id: this.#id,
        serialNumber: this.#emulator.snapshot.serialNumber,
        product: 'BlueTap (simulated)',
        interface: 'in-process',
        simulated: true,
      },
    ];
  }

  async open(device: DeviceInfo, handlers: ChannelHandlers, { signal }: AbortOptions = {}): Promise<Channel> {
    signal?.throwIfAborted();
    // Real opening takes a moment, in which a device can go and a caller can change its mind.
    await undefined;
    signal?.throwIfAborted();
    if (!this.#emulator.plugged || device.id !== this.#id) {
      throw new TransportError('not-found', `${this.#emulator}: no ${device.id} is plugged in now; list again`);
    }
    return new InProcessChannel(this.#emulator, handlers, this.#report);
  }

  watch(onChange: () => void): () => void {
    if (this.#emulator.closed) return () => {};
    let stopped = false;
    const tell = () => {
      if (!stopped) callBack(onChange, (error) => this.#report(error, 'the onChange of a watch'));
    };
    const unfollow = this.#emulator.follow({ onPlug: () => queueMicrotask(tell) });
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

class InProcessChannel implements Channel {
  readonly #device: string;
  readonly #handlers: ChannelHandlers;
  readonly #report: Report;
  readonly #connection: Connection;
  /** There once nothing more can be written; resolves when `onClose` has been called. */
  #ended: Promise<void> | undefined;
  #muted = false;

  constructor(emulator: EmulatedDevice, handlers: ChannelHandlers, report: Report) {
    this.#device = String(emulator);
    this.#handlers = handlers;
    this.#report = report;
    this.#connection = emulator.attach({
      name: 'in-process',
      send: (bytes) => queueMicrotask(() => this.#deliver(bytes)),
      // What was sent before is in the queue already and still arrives.
      close: () => void this.#end(new TransportError('disconnected', `${this.#device} was unplugged: call plug()`)),
    });
    bindMethods(this);
  }

  async write(bytes: Uint8Array, { signal }: AbortOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended !== undefined)
      throw new TransportError('disconnected', `${this.#device}: this channel has ended; open another one`);
    const copy = bytes.slice();
    queueMicrotask(() => this.#connection.receive(copy));
  }

  close(): Promise<void> {
    if (this.#ended === undefined) this.#muted = true;
    return this.#end();
  }

  #deliver(bytes: Uint8Array): void {
    if (this.#muted) return;
    callBack(
      () => this.#handlers.onData(bytes),
      (error) => this.#report(error, 'the onData of a channel'),
    );
  }

  #end(error?: TransportError): Promise<void> {
    this.#ended ??= new Promise((resolve) => {
      queueMicrotask(() => {
        this.#connection.end();
        callBack(
          () => this.#handlers.onClose(error),
          (failure) => this.#report(failure, 'the onClose of a channel'),
        );
        resolve();
      });
    });
    return this.#ended;
  }
}
