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

/**
 * A transport to the emulated device, with the same interface as a transport to a real device. Each write and each
 * answer is delivered in a microtask, in order, and never within the call that sends it.
 */
export class InProcessTransport implements Transport {
  readonly name = 'emulator';
  readonly #emulator: EmulatedDevice;
  readonly #report: Report;

  /**
   * @param report Receives an error that a function of the host throws or rejects with. A microtask calls these
   * functions, where no code catches the error.
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
    // A real open takes time. In this time a device can be unplugged and a caller can abort.
    await undefined;
    signal?.throwIfAborted();
    if (!this.#emulator.plugged || device.id !== this.#id) {
      throw new TransportError(
        'not-found',
        `${this.#emulator}: no device ${device.id} is plugged in now; list the devices again`,
      );
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

  /** The id changes with each plug, as the path of a device node does. */
  get #id(): string {
    return `emulator:${this.#emulator.attachment}`;
  }
}

class InProcessChannel implements Channel {
  readonly #device: string;
  readonly #handlers: ChannelHandlers;
  readonly #report: Report;
  readonly #connection: Connection;
  /** Defined after the end of the channel, when writing is no longer possible. Resolves after `onClose` was called. */
  #ended: Promise<void> | undefined;
  #muted = false;

  constructor(emulator: EmulatedDevice, handlers: ChannelHandlers, report: Report) {
    this.#device = String(emulator);
    this.#handlers = handlers;
    this.#report = report;
    this.#connection = emulator.attach({
      name: 'in-process',
      send: (bytes) => queueMicrotask(() => this.#deliver(bytes)),
      // Bytes that were sent earlier are already in the queue and still arrive.
      close: () => void this.#end(new TransportError('disconnected', `${this.#device} was unplugged: call plug()`)),
    });
    bindMethods(this);
  }

  async write(bytes: Uint8Array, { signal }: AbortOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended !== undefined)
      throw new TransportError('disconnected', `${this.#device}: this channel is closed; open another one`);
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
