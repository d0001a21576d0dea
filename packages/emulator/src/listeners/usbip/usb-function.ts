import type { Connection } from '../../contract/connection.js';
import type { EmulatedDevice } from '../../contract/emulated-device.js';
import { MAX_PACKET } from './descriptors.js';
import { type InDone, InEndpoint } from './in-endpoint.js';
import { type OutDone, OutEndpoint } from './out-endpoint.js';
import type { Packer } from './packets.js';

/** One of the device's three functions: a pair of endpoints and a connection to the device. */
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

  /** Opens the function for a host. Does nothing if the function is already open. */
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
      // The device was unplugged. An unplug takes the whole device off the bus.
      close: () => {},
    });
  }

  /**
   * Receives bytes from the host through any endpoint. Also opens the function, because a host need not set DTR before
   * it sends.
   */
  receive(data: Uint8Array): void {
    this.open();
    this.#connection?.receive(data);
  }

  /**
   * Closes the function after the host left, and ends the host's session. Drops the answers that the host did not
   * fetch, and the transfers that waited.
   */
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
