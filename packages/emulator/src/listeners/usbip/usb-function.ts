import type { Connection } from '../../contract/connection.js';
import type { EmulatedDevice } from '../../contract/emulated-device.js';
import { MAX_PACKET } from './descriptors.js';
import { type InDone, InEndpoint } from './in-endpoint.js';
import { type OutDone, OutEndpoint } from './out-endpoint.js';
import type { Packer } from './packets.js';

/** One of the device's three functions: a pair of endpoints, and between them the device. */
export class UsbFunction {
  readonly in: InEndpoint;
  readonly out: OutEndpoint;
  readonly #emulator: EmulatedDevice;
  readonly #name: string;
  readonly #packer: () => Packer;
  #connection: Connection | undefined;

  constructor(emulator: EmulatedDevice, name: string, packer: () => Packer, inDone: InDone, outDone: OutDone) {
    this.#emulator = emulator;
    this.#name = name;
    this.#packer = packer;
    this.in = new InEndpoint(MAX_PACKET, inDone, () => this.out.resume());
    this.out = new OutEndpoint(
      outDone,
      () => this.in.full,
      (data) => this.receive(data),
    );
  }

  /** A host can use it from now on. Nothing happens when one already can. */
  open(): void {
    if (this.#connection) return;
    const pack = this.#packer();
    const { in: endpoint } = this;
    this.#connection = this.#emulator.attach({
      name: this.#name,
      send: (bytes) => endpoint.send(pack(bytes)),
      get congested() {
        return endpoint.congested;
      },
      // The device has been unplugged, which takes the whole of it off the bus.
      close: () => {},
    });
  }

  /** Bytes from the host, by whichever way: they open the function too, for a host that does not say that it is there. */
  receive(data: Uint8Array): void {
    this.open();
    this.#connection?.receive(data);
  }

  /** The host has gone, and its session with it. What it did not fetch is forgotten, and what had to wait. */
  close(): void {
    this.#connection?.end();
    this.#connection = undefined;
    this.out.discard();
    this.in.flush();
  }

  clearHalts(): void {
    this.in.clearHalt();
    this.out.clearHalt();
  }
}
