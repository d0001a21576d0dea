import type { Connection, Emulator } from '@bluetap/emulator';
import type { Random } from '@bluetap/testing';
import {
  type Channel,
  type ChannelHandlers,
  type DeviceInfo,
  type Transport,
  TransportError,
} from '@bluetap/transport';
import { type ActiveFault, Cable } from './cable.js';
import type { CableFault, Direction } from './script.js';
import type { SimClock } from './sim-clock.js';

interface Wire {
  readonly toHost: Cable;
  readonly toDevice: Cable;
  /** The device sends bytes at this line. */
  hear(bytes: Uint8Array): void;
  /** The device has closed the line. */
  unplug(): void;
}

/**
 * A line of the emulated device. Each POS program reaches the line through its own cable. POS programs that share a
 * line receive each other's replies, as two processes on one hidraw node do.
 */
export class DeviceLine {
  readonly #emulator: Emulator;
  readonly #wires = new Set<Wire>();
  #connection: Connection | undefined;
  #restarting = false;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  /** The device restarts and the line stays open. The other end cannot detect the restart. */
  restart(): void {
    this.#restarting = true;
  }

  /** The device runs again after `restart`. */
  restarted(): void {
    this.#restarting = false;
    if (this.#wires.size > 0) this.#attach();
  }

  receive(bytes: Uint8Array): void {
    this.#connection?.receive(bytes);
  }

  join(wire: Wire): void {
    if (!this.#connection) this.#attach();
    this.#wires.add(wire);
  }

  #attach(): void {
    this.#connection = this.#emulator.attach({
      name: 'line',
      send: (bytes) => {
        for (const each of this.#wires) each.hear(bytes);
      },
      close: () => {
        this.#connection = undefined;
        if (this.#restarting) return;
        for (const each of this.#wires) each.unplug();
        this.#wires.clear();
      },
    });
  }

  leave(wire: Wire): void {
    this.#wires.delete(wire);
    if (this.#wires.size > 0) return;
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.end();
  }
}

/** The transport of a POS program. The faults of the script affect its calls and its bytes. */
export class Plug implements Transport {
  readonly name = 'sim';
  readonly faults: Record<Direction, ActiveFault[]> = { toDevice: [], toHost: [] };
  /** The times until which `list` and `open` fail or hang. */
  readonly broken = { list: { until: 0, how: 'fails' }, open: { until: 0, how: 'fails' } };
  /** The open channels and the watchers. Both sets must be empty after close. */
  readonly channels = new Set<Wire>();
  readonly watchers = new Set<() => void>();
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #emulator: Emulator;
  readonly #line: DeviceLine;
  readonly #latency: number;
  readonly #onFault: (kind: CableFault['kind']) => void;

  constructor(
    clock: SimClock,
    random: Random,
    emulator: Emulator,
    line: DeviceLine,
    latency: number,
    onFault: (kind: CableFault['kind']) => void,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#emulator = emulator;
    this.#line = line;
    this.#latency = latency;
    this.#onFault = onFault;
  }

  async list(): Promise<readonly DeviceInfo[]> {
    await this.#suffer('list');
    return this.#emulator.plugged ? [{ id: `sim:${this.#emulator.attachment}` }] : [];
  }

  async open(device: DeviceInfo, handlers: ChannelHandlers): Promise<Channel> {
    await this.#suffer('open');
    if (!this.#emulator.plugged || device.id !== `sim:${this.#emulator.attachment}`) {
      throw new TransportError('not-found', `${device.id} is gone`);
    }
    return this.#channel(handlers);
  }

  watch(onChange: () => void): () => void {
    this.watchers.add(onChange);
    return () => void this.watchers.delete(onChange);
  }

  /** Plans an unplug after the given number of further bytes in one direction. */
  cutAfter(direction: Direction, bytes: number, onCut: () => void): void {
    for (const wire of this.channels) wire[direction].cutAfter(bytes, onCut);
  }

  /** Removes every fault, also the planned faults. */
  heal(): void {
    this.faults.toDevice = [];
    this.faults.toHost = [];
    for (const wire of this.channels)
      for (const cable of [wire.toHost, wire.toDevice]) cable.cutAfter(undefined, () => {});
  }

  async #suffer(what: 'list' | 'open'): Promise<void> {
    const { until, how } = this.broken[what];
    if (this.#clock.now() >= until) return;
    if (how === 'fails') throw new TransportError('io', `${what} fails`);
    await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, until - this.#clock.now()));
  }

  #channel(handlers: ChannelHandlers): Channel {
    const clock = this.#clock;
    let open = true;
    let told: Promise<void> | undefined;
    const end = (error?: TransportError) => {
      if (!open) return;
      open = false;
      this.channels.delete(wire);
      told = Promise.resolve().then(() => handlers.onClose(error));
    };
    const wire: Wire = {
      toHost: new Cable(clock, this.#random, this.#latency, (bytes) => open && handlers.onData(bytes), this.#onFault),
      toDevice: new Cable(clock, this.#random, this.#latency, (bytes) => this.#line.receive(bytes), this.#onFault),
      hear: (bytes) => wire.toHost.send(bytes, this.faults.toHost),
      unplug: () => {
        // Bytes that a POS program wrote before it closed can still arrive. Bytes on their way at an unplug are lost.
        wire.toDevice.cut();
        end(new TransportError('disconnected', 'the device was unplugged'));
      },
    };
    this.#line.join(wire);
    this.channels.add(wire);
    return {
      write: async (bytes) => {
        if (!open) throw new TransportError('disconnected', 'this channel has ended');
        wire.toDevice.send(bytes, this.faults.toDevice);
      },
      close: async () => {
        if (open) this.#line.leave(wire);
        end();
        await told;
      },
    };
  }
}
