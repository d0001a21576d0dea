import { EventEmitter } from 'node:events';
import type { ConformanceHarness } from '@bluetap/transport/conformance';
import { fastClock } from '@bluetap/transport/conformance';
import { hid } from '../src/index.js';
import type { HidEntry, HidHandle, NodeHid } from '../src/node-hid.js';

/** A fake node-hid with one device. It has the faults of the real library. */
export class FakeHid implements NodeHid, ConformanceHarness {
  readonly received: (bytes: Uint8Array) => void;
  readonly transport = hid({ load: async () => this, clock: fastClock(20) });
  readonly HIDAsync = { open: (path: string) => this.open(path) };
  /** The error of `open`, if it is set. */
  refusal: Error | undefined;
  entries: HidEntry[] | undefined;
  plugged = true;
  stalled = false;
  readonly handles: FakeHandle[] = [];
  /** Uses that would crash the library. A test fails if there is one. */
  readonly crimes: string[] = [];
  #greeting: Uint8Array | undefined;
  #attachment = 0;
  #resumed = Promise.resolve();
  #resume = (): void => {};
  #noChannels = (): void => {};

  constructor(received: (bytes: Uint8Array) => void = () => {}) {
    this.received = received;
  }

  get path(): string {
    return `/dev/hidraw${this.#attachment}`;
  }

  async devicesAsync(): Promise<readonly HidEntry[]> {
    if (this.entries) return this.entries;
    if (!this.plugged) return [];
    return [{ path: this.path, serialNumber: 'EMU-0001', product: 'BlueTap', usagePage: 0xff00, usage: 1 }];
  }

  async open(path: string): Promise<HidHandle> {
    await undefined;
    if (this.refusal) throw this.refusal;
    if (!this.plugged || path !== this.path) throw new Error(`cannot open device with path ${path}`);
    const handle = new FakeHandle(this);
    this.handles.push(handle);
    return handle;
  }

  async send(bytes: Uint8Array): Promise<void> {
    const handle = this.handles.at(-1);
    for (let at = 0; at < bytes.length; at += 64) {
      const report = Buffer.alloc(64);
      report.set(bytes.subarray(at, at + 64));
      handle?.report(report);
    }
  }

  async unplug(): Promise<void> {
    this.plugged = false;
    for (const handle of [...this.handles]) handle.vanish();
  }

  async plug(): Promise<void> {
    this.plugged = true;
    this.#attachment++;
  }

  async greet(bytes: Uint8Array): Promise<void> {
    this.#greeting = bytes;
  }

  /** Called when a handle starts to read. */
  reading(): void {
    const greeting = this.#greeting;
    this.#greeting = undefined;
    if (greeting) void this.send(greeting);
  }

  async channelsClosed(): Promise<void> {
    if (this.handles.length > 0) await new Promise<void>((resolve) => (this.#noChannels = resolve));
  }

  closed(handle: FakeHandle): void {
    this.handles.splice(this.handles.indexOf(handle), 1);
    if (this.handles.length === 0) this.#noChannels();
  }

  async stall(): Promise<void> {
    this.stalled = true;
    this.#resumed = new Promise((resolve) => (this.#resume = resolve));
  }

  async resume(): Promise<void> {
    this.stalled = false;
    this.#resume();
  }

  taken(): Promise<void> {
    return this.stalled ? this.#resumed : Promise.resolve();
  }

  async dispose(): Promise<void> {
    if (this.crimes.length > 0) throw new Error(`node-hid would have crashed: ${this.crimes.join(', ')}`);
    if (this.handles.length > 0) throw new Error(`${this.handles.length} handles are left open`);
  }
}

class FakeHandle extends EventEmitter implements HidHandle {
  readonly #hid: FakeHid;
  readonly #queue: Buffer[] = [];
  #reading = false;
  #starting = false;
  #gone = false;
  #closed = false;

  constructor(hid: FakeHid) {
    super();
    this.#hid = hid;
    this.on('newListener', (event) => {
      if (event !== 'data') return;
      if (this.listenerCount('data') > 0) hid.crimes.push('a second listener for data');
      this.#starting = true;
      process.nextTick(() => {
        this.#starting = false;
        this.#reading = true;
        for (const report of this.#queue.splice(0)) this.emit('data', report);
        hid.reading();
      });
    });
  }

  report(report: Buffer): void {
    if (!this.#reading) this.#queue.push(report);
    else if (!this.#closed) setImmediate(() => this.#closed || this.emit('data', report));
  }

  /** Unplugs the device. The error is a string, there is no close event, and the handle must still be closed. */
  vanish(): void {
    this.#gone = true;
    setImmediate(() => this.#closed || this.emit('error', 'could not read from HID device'));
  }

  async write(report: number[] | Buffer): Promise<number> {
    await undefined;
    if (this.#closed) throw new Error('Cannot write to a closed device');
    if (report[0] !== 0 || report.length !== 65) this.#hid.crimes.push(`a report of ${report.length} bytes`);
    await this.#hid.taken();
    if (this.#gone || this.#closed) throw new Error('Cannot write to hid device');
    this.#hid.received(Uint8Array.from(report).subarray(1));
    return report.length;
  }

  async close(): Promise<void> {
    if (this.#starting) this.#hid.crimes.push('closed in the tick in which reading begins');
    if (this.#closed) throw new Error('device has been closed');
    this.#closed = true;
    this.#hid.closed(this);
    this.removeAllListeners();
  }
}
