import type { Random } from '@bluetap/testing';
import {
  type Channel,
  type ChannelHandlers,
  type DeviceInfo,
  type Transport,
  TransportError,
} from '@bluetap/transport';
import { type ActiveFault, Cable } from './cable.js';
import type { DeviceLine, LineEnd } from './device-line.js';
import type { Gate } from './gate.js';
import type { HostView } from './host/host-view.js';
import type { CableFault, Direction } from './script.js';
import type { SimClock } from './sim-clock.js';

interface Wire extends LineEnd {
  readonly toHost: Cable;
  readonly toDevice: Cable;
}

/** The parts of the world that a plug needs. */
export interface PlugParts {
  readonly clock: SimClock;
  readonly random: Random;
  readonly line: DeviceLine;
  /** The event loop of the program that uses the plug. */
  readonly gate: Gate;
  readonly latency: number;
  /** True if a device has the same id each time it is plugged in, as a port has. */
  readonly samePlace: boolean;
  /** True if the system knows the serial number before the device is opened. */
  readonly listsSerial: boolean;
  readonly onFault: (kind: CableFault['kind']) => void;
  /** Called for each frame that a client sends (`toDevice`) or gets. */
  readonly onBytes: (direction: Direction) => void;
}

/** The way of a POS program to the device. The faults of the script affect its calls and its bytes. */
export class Plug {
  readonly faults: Record<Direction, ActiveFault[]> = { toDevice: [], toHost: [] };
  /** The times until which the functions of the transport fail or hang. */
  readonly broken = {
    list: { until: 0, how: 'fails' },
    open: { until: 0, how: 'fails' },
    write: { until: 0, how: 'fails' },
  };
  /** The open channels and the watchers. Both sets must be empty after close. */
  readonly channels = new Set<Wire>();
  readonly watchers = new Set<() => void>();
  readonly #parts: PlugParts;

  constructor(parts: PlugParts) {
    this.#parts = parts;
  }

  get gate(): Gate {
    return this.#parts.gate;
  }

  get line(): DeviceLine {
    return this.#parts.line;
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

  /** Tells the watchers that the devices have changed. */
  tellWatchers(): void {
    for (const onChange of [...this.watchers]) {
      this.gate.input(() => {
        if (this.watchers.has(onChange)) onChange();
      });
    }
  }

  /** The transport of one client. The view sees what goes through it. */
  transport(view: HostView): Transport {
    return {
      name: 'sim',
      list: async () => {
        await this.#suffer('list');
        const { emulator, truth } = this.line.device;
        const serial = this.#parts.listsSerial ? { serialNumber: truth.serialNumber } : {};
        return emulator.plugged ? [{ id: this.#id, ...serial }] : [];
      },
      open: async (device, handlers) => {
        await this.#suffer('open');
        return this.#open(device, handlers, view);
      },
      watch: (onChange) => {
        this.watchers.add(onChange);
        return () => void this.watchers.delete(onChange);
      },
    };
  }

  get #id(): string {
    return this.#parts.samePlace ? 'sim:1' : `sim:${this.line.device.emulator.attachment}`;
  }

  async #suffer(what: keyof Plug['broken']): Promise<void> {
    const { clock, gate } = this.#parts;
    const { until, how } = this.broken[what];
    if (clock.now() >= until) return;
    if (how === 'fails') throw new TransportError('io', `${what} fails`);
    await new Promise<void>((resolve) => clock.setTimeout(() => gate.input(resolve), until - clock.now()));
  }

  #open(device: DeviceInfo, handlers: ChannelHandlers, view: HostView): Channel {
    const { clock, gate, line } = this.#parts;
    if (!line.device.emulator.plugged || device.id !== this.#id) {
      throw new TransportError('not-found', `${device.id} is gone`);
    }
    let open = true;
    let hears = true;
    let told: Promise<void> | undefined;
    const onClose = (error?: TransportError) => {
      if (!hears) return;
      hears = false;
      view.ended(channel);
      handlers.onClose(error);
    };
    const end = (error?: TransportError) => {
      if (!open) return;
      open = false;
      this.channels.delete(wire);
      told = Promise.resolve().then(() => (error ? gate.input(() => onClose(error)) : onClose()));
    };
    const channel = view.opened(device.id);
    const read = (bytes: Uint8Array) => {
      if (!hears) return;
      view.receives(channel, bytes);
      handlers.onData(bytes);
      this.#parts.onBytes('toHost');
    };
    const wire = this.#wire(this.#inOneChunk(read), end);
    line.join(wire);
    this.channels.add(wire);
    return {
      write: async (bytes) => {
        if (!open) throw new TransportError('disconnected', 'this channel has ended');
        view.wrote(channel, bytes, gate.waits);
        // Only then, because another turn of the event loop would let each world run in another way.
        if (clock.now() < this.broken.write.until) {
          channel.writes++;
          await this.#suffer('write');
          if (!open) throw new TransportError('disconnected', 'this channel has ended');
          channel.writes--;
        }
        wire.toDevice.send(bytes, this.faults.toDevice);
        this.#parts.onBytes('toDevice');
      },
      close: async () => {
        if (open) line.leave(wire);
        if (hears && open) view.closes(channel);
        else if (hears) view.ended(channel);
        hears = false;
        end();
        await told;
      },
    };
  }

  /** While the program stands still, the system collects the bytes. The program then reads them in one chunk. */
  #inOneChunk(read: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    const { gate } = this.#parts;
    let waiting: Uint8Array[] = [];
    return (bytes) => {
      waiting.push(bytes);
      if (waiting.length > 1) return;
      gate.input(() => {
        const chunk = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
        waiting = [];
        read(chunk);
      });
    };
  }

  #wire(read: (bytes: Uint8Array) => void, end: (error: TransportError) => void): Wire {
    const { clock, random, latency, line, onFault } = this.#parts;
    const wire: Wire = {
      toHost: new Cable(clock, random, latency, read, onFault),
      toDevice: new Cable(clock, random, latency, (bytes) => line.receive(bytes), onFault),
      hear: (bytes) => wire.toHost.send(bytes, this.faults.toHost),
      unplug: () => {
        // Bytes that a POS program wrote before it closed can still arrive. Bytes on their way at an unplug are lost.
        wire.toDevice.cut();
        wire.toHost.cut();
        end(new TransportError('disconnected', 'the device was unplugged'));
      },
    };
    return wire;
  }
}
