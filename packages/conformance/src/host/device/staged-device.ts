import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Emulator, type EmulatorEvent } from '@bluetap/emulator';
import type { HostCall } from '../contract/host-call.js';
import type { Executed, LogEntry } from '../contract/log.js';
import { LoopWatch } from './loop-watch.js';
import { OtherHost } from './other-host.js';

/** The connections of the host under test have this name. Another host has another name. */
const HOST_NAME = /^host (\d+)$/;

/** More connections than a host needs. The bound limits a host that only opens connections. */
const MAX_CONNECTIONS = 200;

/** A run has a few thousand bytes. After this many, the device is unplugged. */
const MAX_LOGGED_BYTES = 500_000;

/**
 * The emulated device of one situation, with a listener on the loopback address. It keeps every byte of the host and of
 * the device with its time, because the rules of delimiters and of repeats are about bytes and times.
 */
export class StagedDevice {
  readonly emulator: Emulator;
  readonly log: LogEntry[] = [];
  /** The device's own log. */
  readonly events: EmulatorEvent[] = [];
  /** What went wrong in the situation itself. It is no mistake of the host. */
  readonly mistakes: string[] = [];
  /** True: every byte comes back to the host, as on a line that echoes. */
  echoes = false;
  /** Called when the host opens a connection. Returns false to close the connection immediately. */
  onConnection: (connection: number) => boolean = () => true;
  readonly #server: Server;
  readonly #sockets = new Map<number, Socket>();
  readonly #start = performance.now();
  readonly #watch = new LoopWatch(() => this.now);
  readonly #waiting = new Set<() => void>();
  #connections = 0;
  #logged = 0;
  #flooded = false;

  private constructor() {
    this.emulator = new Emulator({
      serialNumber: 'CONFORMANCE-1',
      onEvent: (event) => {
        this.events.push(event);
        this.#tell();
      },
      onError: (error, where) => this.mistakes.push(`${where}: ${error instanceof Error ? error.message : error}`),
    });
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** @throws Error if this machine cannot listen on its loopback address. */
  static async start(): Promise<StagedDevice> {
    const device = new StagedDevice();
    await new Promise<void>((resolve, reject) => {
      device.#server.once('error', reject);
      device.#server.listen({ host: '127.0.0.1', port: 0 }, resolve);
    });
    device.#server.on('error', () => {});
    return device;
  }

  /** True if the host has sent so much that the device was unplugged. */
  get flooded(): boolean {
    return this.#flooded;
  }

  /** The value of BLUETAP_TRANSPORT. */
  get address(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Milliseconds since the start of the situation. */
  get now(): number {
    return performance.now() - this.#start;
  }

  /** The longest time that this process was late, in milliseconds. The device answered late then. */
  get lateMs(): number {
    return this.#watch.lateMs;
  }

  /** The PAYs and CANCELs of the host under test that the device executed, in their order. */
  get executed(): readonly Executed[] {
    const executed: Executed[] = [];
    let from = '';
    for (const event of this.events) {
      if ((event.event === 'message' || event.event === 'frame') && event.direction === 'in') from = event.connection;
      if (event.event !== 'state' || !isHostName(from)) continue;
      const { cause, orderId, snapshot } = event;
      if (cause === 'pay' && snapshot.state === 'ready') executed.push({ command: 'PAY', orderId });
      if (cause === 'cancel') executed.push({ command: 'CANCEL', orderId });
    }
    return executed;
  }

  /** Notes that the host was given a call. */
  called({ timeoutMs }: HostCall): void {
    this.log.push({ kind: 'call', atMs: this.now, timeoutMs });
  }

  /** Another host at the same device, through another connection. */
  otherHost(): OtherHost {
    return new OtherHost(this.emulator);
  }

  /** Sends bytes to the host through its newest connection, past the device and its behaviours. */
  say(bytes: Uint8Array): void {
    const newest = [...this.#sockets].at(-1);
    if (newest) this.#send(newest[0], newest[1], bytes);
  }

  /**
   * Waits until the condition is true, which is looked at after each event and each byte.
   * @returns False if it has not become true within `ms` milliseconds.
   */
  until(condition: () => boolean, ms: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const look = () => {
        if (condition()) finish(true);
      };
      const timer = setTimeout(() => finish(false), ms);
      const finish = (found: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
    });
  }

  /** Ends the device, its connections and its listener. */
  async close(): Promise<void> {
    this.#watch.stop();
    for (const look of [...this.#waiting]) look();
    await this.emulator.close();
    for (const socket of this.#sockets.values()) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const number = ++this.#connections;
    let earliestMs: number | undefined = this.#watch.earliestMs;
    const read = () => {
      earliestMs = undefined;
    };
    // What waited with the connection is read in the next turn of the event loop.
    setImmediate(() => setImmediate(read));
    socket.on('error', () => {});
    this.#sockets.set(number, socket);
    socket.once('close', () => {
      this.#sockets.delete(number);
      this.#note({ kind: 'closed', atMs: this.now, connection: number });
    });
    this.#note({ kind: 'opened', atMs: this.now, connection: number });
    if (!this.emulator.plugged || !this.onConnection(number)) {
      socket.destroy();
      return;
    }
    const connection = this.emulator.attach({
      name: `host ${number}`,
      send: (bytes) => this.#send(number, socket, bytes),
      get congested() {
        return socket.writableNeedDrain;
      },
      // The bytes that were sent before the end still arrive.
      close: () => socket.destroySoon(),
    });
    socket.on('data', (bytes: Uint8Array) => {
      this.#bytes(number, 'host', bytes, earliestMs);
      if (this.echoes) this.#send(number, socket, bytes);
      connection.receive(bytes);
      if (socket.writableNeedDrain) socket.pause();
    });
    socket.on('drain', () => socket.resume());
    socket.once('close', () => connection.end());
  }

  #send(connection: number, socket: Socket, bytes: Uint8Array): void {
    if (socket.destroyed || socket.writableEnded) return;
    this.#bytes(connection, 'device', bytes);
    socket.write(bytes);
  }

  #bytes(connection: number, from: 'host' | 'device', bytes: Uint8Array, earliestMs = this.#watch.earliestMs): void {
    if (this.#flooded) return;
    this.#logged += bytes.length;
    if (this.#logged > MAX_LOGGED_BYTES) {
      this.#flooded = true;
      // Not within the call that receives the bytes.
      setImmediate(() => this.emulator.unplug());
    }
    this.#note({
      kind: 'bytes',
      atMs: this.now,
      earliestMs,
      from,
      connection,
      bytes: Uint8Array.from(bytes),
    });
  }

  #note(entry: LogEntry): void {
    this.log.push(entry);
    this.#tell();
  }

  #tell(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** True if a connection of this name belongs to the host under test. */
export function isHostName(name: string): boolean {
  return HOST_NAME.test(name);
}
