import type { Connection, Emulator, Peer } from '@bluetap/emulator';
import type { DeviceTruth } from './truth/device-truth.js';
import type { Witness } from './truth/witness.js';
import { FrameReader } from './wire/frame-reader.js';

/** An emulated device with what the judge knows of it. */
export interface SimDevice {
  readonly emulator: Emulator;
  readonly truth: DeviceTruth;
  readonly witness: Witness;
}

/** The host's end of a wire, as the line sees it. */
export interface LineEnd {
  /** The device sends bytes. */
  hear(bytes: Uint8Array): void;
  /** The device has closed the line. */
  unplug(): void;
}

/**
 * A line of a device. Each POS program reaches the line through its own cable. POS programs that share a line receive
 * each other's replies, as two processes on one hidraw node do.
 */
export class DeviceLine {
  readonly #name: string;
  readonly #ends = new Set<LineEnd>();
  #device: SimDevice;
  #connection: Connection | undefined;
  #reader = new FrameReader();
  #restarting = false;
  #connections = 0;
  /** True while the device cannot send a LINK, because the host does not read. */
  congested = false;

  constructor(name: string, device: SimDevice) {
    this.#name = name;
    this.#device = device;
  }

  get device(): SimDevice {
    return this.#device;
  }

  /** The name of the present connection of the device. */
  get connectionName(): string {
    return `${this.#name} ${this.#connections}`;
  }

  /** The device restarts and the line stays open. The other end cannot detect the restart. */
  restart(): void {
    this.#restarting = true;
  }

  /** The device runs again after `restart`. */
  restarted(): void {
    this.#restarting = false;
    if (this.#ends.size > 0) this.#attach();
  }

  /** The device is plugged in again while the line has stayed open, because another device was there. */
  plugged(): void {
    if (this.#ends.size > 0 && !this.#connection) this.#attach();
  }

  /** Another device is at the end of the line, and nobody is told. */
  swap(device: SimDevice): void {
    this.#release();
    this.#device = device;
    if (this.#ends.size > 0 && device.emulator.plugged) this.#attach();
  }

  receive(bytes: Uint8Array): void {
    const connection = this.#connection;
    if (connection) this.#device.witness.arrives(this.#reader, bytes, () => connection.receive(bytes));
  }

  join(end: LineEnd): void {
    if (!this.#connection) this.#attach();
    this.#ends.add(end);
  }

  leave(end: LineEnd): void {
    this.#ends.delete(end);
    if (this.#ends.size === 0) this.#release();
  }

  #attach(): void {
    this.#connections++;
    const name = this.connectionName;
    const { truth } = this.#device;
    this.#reader = new FrameReader((damage) => this.#device.truth.drops(damage));
    this.#connection = this.#device.emulator.attach(
      new LinePeer(name, this, {
        send: (bytes) => {
          for (const each of this.#ends) each.hear(bytes);
        },
        close: () => {
          truth.ended(name);
          this.#connection = undefined;
          if (this.#restarting) return;
          for (const each of this.#ends) each.unplug();
          this.#ends.clear();
        },
      }),
    );
  }

  #release(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = undefined;
    this.#device.truth.ended(this.connectionName);
    connection.end();
  }
}

/**
 * The end of a line, as the device sees it. A class, because V8 keeps an accessor of a literal, and all that it reaches,
 * until the next full garbage collection.
 */
class LinePeer implements Peer {
  readonly name: string;
  readonly send: Peer['send'];
  readonly close: Peer['close'];
  readonly #line: DeviceLine;

  constructor(name: string, line: DeviceLine, { send, close }: Pick<Peer, 'send' | 'close'>) {
    this.name = name;
    this.send = send;
    this.close = close;
    this.#line = line;
  }

  get congested(): boolean {
    return this.#line.congested;
  }
}
