import type { ConformanceHarness } from '@bluetap/transport/conformance';
import { fastClock } from '@bluetap/transport/conformance';
import { usb } from '../src/index.js';
import type { NodeUsb, UsbConfiguration, UsbDevice, UsbInResult, UsbOutResult, UsbSetup } from '../src/node-usb.js';

export const configuration: UsbConfiguration = {
  configurationValue: 1,
  interfaces: [
    {
      interfaceNumber: 0,
      alternate: {
        interfaceClass: 3,
        endpoints: [
          { endpointNumber: 1, direction: 'in', type: 'interrupt' },
          { endpointNumber: 1, direction: 'out', type: 'interrupt' },
        ],
      },
    },
    {
      interfaceNumber: 1,
      alternate: {
        interfaceClass: 255,
        endpoints: [
          { endpointNumber: 2, direction: 'in', type: 'bulk' },
          { endpointNumber: 2, direction: 'out', type: 'bulk' },
        ],
      },
    },
  ],
};

/** A fake usb library with one device. It has the faults of the real library. */
export class FakeUsb implements NodeUsb, ConformanceHarness {
  readonly received: (bytes: Uint8Array) => void;
  readonly transport = usb({ load: async () => this, clock: fastClock(20) });
  readonly usb = { getDevices: async () => this.list() };
  /** The device that is plugged in. */
  device: Plugged | undefined;
  /** Every object that the library returned for the device: each listing returns a new object. */
  readonly handles: FakeDevice[] = [];
  configurations: readonly UsbConfiguration[] = [configuration];
  /** The error of a call of the device, by the name of the call. */
  readonly refusals = new Map<string, Error>();
  /** Forbidden uses of the library. A test fails if there is one. */
  readonly crimes: string[] = [];
  listing: Error | undefined;
  stalled = false;
  /** True if a read ends immediately with an empty packet. */
  emptyPackets = (): boolean => false;
  /** How many times the device was asked for its description. */
  descriptions = 0;
  /** How many reads ended with no bytes because their time was over. */
  idleReads = 0;
  /** The longest timeout of a read, in milliseconds. */
  patience = 0;
  #address = 1;
  #greeting: Uint8Array | undefined;
  #noChannels = (): void => {};

  constructor(received: (bytes: Uint8Array) => void = () => {}) {
    this.received = received;
    this.device = new Plugged(this.#address);
  }

  list(): readonly UsbDevice[] {
    if (this.listing) throw this.listing;
    if (!this.device) return [];
    const handle = new FakeDevice(this, this.device);
    this.handles.push(handle);
    return [handle];
  }

  async send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += 64) this.device?.say(bytes.slice(at, at + 64));
  }

  async unplug(): Promise<void> {
    const { device } = this;
    this.device = undefined;
    device?.vanish();
  }

  async plug(): Promise<void> {
    this.device = new Plugged(++this.#address);
  }

  async greet(bytes: Uint8Array): Promise<void> {
    this.#greeting = bytes;
  }

  /** Called when the interface was claimed: the device sees its host. */
  claimed(): void {
    const greeting = this.#greeting;
    this.#greeting = undefined;
    if (greeting) void this.send(greeting);
  }

  async channelsClosed(): Promise<void> {
    if (this.handles.some(({ claimed }) => claimed)) {
      await new Promise<void>((resolve) => {
        this.#noChannels = resolve;
      });
    }
  }

  released(): void {
    this.#noChannels();
  }

  async stall(): Promise<void> {
    this.stalled = true;
  }

  async resume(): Promise<void> {
    this.stalled = false;
  }

  async dispose(): Promise<void> {
    // A transfer that could not be cancelled ends after its timeout.
    await this.channelsClosed();
    if (this.crimes.length > 0) throw new Error(`the library was misused: ${this.crimes.join(', ')}`);
    if (this.handles.some(({ opened }) => opened)) throw new Error('the device is left open');
    if (this.device?.halted || this.device?.outHalted) throw new Error('the endpoint is left halted');
  }
}

/** A device while it is plugged in. */
class Plugged {
  readonly address: number;
  claimed = false;
  gone = false;
  /** True if the IN endpoint stalls. `outHalted` is the same for the OUT endpoint. */
  halted = false;
  outHalted = false;
  readonly out: Uint8Array[] = [];
  wake = (): void => {};

  constructor(address: number) {
    this.address = address;
  }

  say(packet: Uint8Array): void {
    this.out.push(packet);
    this.wake();
  }

  vanish(): void {
    this.gone = true;
    this.wake();
  }
}

export class FakeDevice implements UsbDevice {
  readonly vendorId = 0x1209;
  readonly productId = 0x0001;
  readonly bus = '1';
  opened = false;
  claimed = false;
  readonly #usb: FakeUsb;
  readonly #plugged: Plugged;
  #reading = false;
  #writing = false;

  constructor(fake: FakeUsb, plugged: Plugged) {
    this.#usb = fake;
    this.#plugged = plugged;
  }

  get address(): number {
    return this.#plugged.address;
  }

  get serialNumber(): string {
    this.#refuse('strings');
    return 'EMU-0001';
  }

  get productName(): string {
    this.#refuse('strings');
    return 'BlueTap';
  }

  get configurations(): readonly UsbConfiguration[] {
    this.#refuse('configurations');
    this.#usb.descriptions++;
    return this.#usb.configurations;
  }

  get configuration(): UsbConfiguration {
    this.#refuse('configuration');
    return configuration;
  }

  async open(): Promise<void> {
    await undefined;
    this.#refuse('open');
    if (this.#plugged.gone) throw new Error('open error: device disconnected');
    this.opened = true;
  }

  async close(): Promise<void> {
    await undefined;
    if (this.#reading || this.#writing) this.#usb.crimes.push('closed with a transfer under way');
    this.opened = false;
  }

  async selectConfiguration(): Promise<void> {
    this.#refuse('selectConfiguration');
  }

  async claimInterface(number: number): Promise<void> {
    await undefined;
    this.#refuse('claimInterface');
    if (number !== 1) this.#usb.crimes.push(`interface ${number} claimed`);
    if (this.#plugged.claimed) throw new Error('claimInterface error: interface is busy (errno 16)');
    this.#plugged.claimed = true;
    this.claimed = true;
    this.#usb.claimed();
  }

  async releaseInterface(): Promise<void> {
    if (this.claimed) this.#plugged.claimed = false;
    this.claimed = false;
    this.#usb.released();
  }

  async controlTransferOut({ request, index }: UsbSetup): Promise<UsbOutResult> {
    await undefined;
    this.#refuse('controlTransferOut');
    if (request !== 3 || index !== 0x82) this.#usb.crimes.push(`request ${request} to ${index}`);
    this.#plugged.halted = true;
    this.#plugged.wake();
    return { status: 'ok', bytesWritten: 0 };
  }

  async clearHalt(direction: 'in' | 'out'): Promise<void> {
    this.#refuse('clearHalt');
    if (direction === 'in' ? this.#reading : this.#writing) this.#usb.crimes.push('a halt cleared under a transfer');
    if (direction === 'in') this.#plugged.halted = false;
    else this.#plugged.outHalted = false;
  }

  async transferIn(_endpoint: number, length: number, timeout: number): Promise<UsbInResult> {
    if (this.#reading) this.#usb.crimes.push('two reads at the same time');
    this.#reading = true;
    try {
      await undefined;
      this.#refuse('transferIn');
      if (this.#plugged.gone) throw new Error('transferIn error: Disconnected');
      if (this.#usb.emptyPackets()) return { status: 'ok', data: new DataView(new ArrayBuffer(0)) };
      this.#usb.patience = Math.max(this.#usb.patience, timeout);
      if (this.#plugged.out.length === 0 && !this.#plugged.halted) await this.#wait(timeout);
      if (this.#plugged.halted) throw new Error('transferIn error: Stall');
      const packet = this.#plugged.out.shift();
      // An idle read and a read that an unplug ended have the same error.
      if (!packet) {
        if (!this.#plugged.gone) this.#usb.idleReads++;
        throw new Error('transferIn error: Cancelled');
      }
      if (packet.length > length) this.#usb.crimes.push('a read shorter than a packet');
      return { status: 'ok', data: new DataView(packet.buffer) };
    } finally {
      this.#reading = false;
    }
  }

  async transferOut(_endpoint: number, data: Uint8Array, timeout: number): Promise<UsbOutResult> {
    if (this.#writing) this.#usb.crimes.push('two writes at the same time');
    this.#writing = true;
    try {
      await undefined;
      this.#refuse('transferOut');
      if (this.#usb.stalled) {
        await new Promise((resolve) => setTimeout(resolve, timeout / 20));
        throw new Error('transferOut error: Cancelled');
      }
      if (this.#plugged.gone) throw new Error('transferOut error: Disconnected');
      if (this.#plugged.outHalted) throw new Error('transferOut error: Stall');
      // A write of fewer bytes than the caller asked for is not an error.
      const taken = data.slice(0, 500);
      this.#usb.received(taken);
      return { status: 'ok', bytesWritten: taken.length };
    } finally {
      this.#writing = false;
    }
  }

  async #wait(timeout: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#plugged.wake = resolve;
      timer = setTimeout(resolve, timeout / 20);
    });
    clearTimeout(timer);
  }

  #refuse(call: string): void {
    const refusal = this.#usb.refusals.get(call);
    if (refusal) throw refusal;
  }
}
