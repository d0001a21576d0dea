import { mkdtemp, rm } from 'node:fs/promises';
import net, { type AddressInfo, type ListenOptions, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConformanceHarness } from '@bluetap/transport/conformance';
import { type SocketOptions, socket } from '../src/index.js';

/**
 * The address of the listening end. When it listens on the same port again, no port of a client can conflict with it,
 * because Linux gives 127.0.0.1 to clients of the loopback. On other systems, 127.0.0.2 does not exist by default.
 */
const LOOPBACK = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

type Received = (bytes: Uint8Array) => void;

/** A device that listens on a TCP port which the system chooses. */
export async function tcpPeer(received: Received = () => {}, host = LOOPBACK, options?: SocketOptions): Promise<Peer> {
  const peer = new Peer(received);
  const { port } = (await peer.listen({ host, port: 0 })) as AddressInfo;
  peer.at(`tcp://${host.includes(':') ? `[${host}]` : host}:${port}`, { host, port }, options);
  return peer;
}

/** A device that listens on a unix socket in a new folder. */
export async function unixPeer(received: Received = () => {}): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'bluetap-socket-'));
  const path = join(folder, 'device');
  const peer = new Peer(received, () => rm(folder, { recursive: true }));
  await peer.listen({ path });
  peer.at(`unix:${path}`, { path });
  return peer;
}

/** The far end of a socket. It accepts any number of connections, and sends to the newest connection. */
export class Peer implements ConformanceHarness {
  transport = socket('unix:not-listening');
  address = '';
  /** How many connections were accepted in total. */
  accepted = 0;
  readonly #received: Received;
  readonly #cleanUp: () => Promise<void>;
  readonly #connections = new Set<Socket>();
  #server: Server | undefined;
  #where: ListenOptions = {};
  #newest: Socket | undefined;
  #greeting: Uint8Array | undefined;
  #stalled = false;
  #changed = (): void => {};

  constructor(received: Received, cleanUp: () => Promise<void> = async () => {}) {
    this.#received = received;
    this.#cleanUp = cleanUp;
  }

  at(address: string, where: ListenOptions, options?: SocketOptions): void {
    this.address = address;
    this.transport = socket(address, options);
    this.#where = where;
  }

  async listen(where: ListenOptions): Promise<AddressInfo | string | null> {
    const server = net.createServer((connection) => this.#accept(connection));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(where, resolve);
    });
    return server.address();
  }

  /** The newest connection, if there is one. */
  async connection(): Promise<Socket> {
    while (!this.#newest) await this.#change();
    return this.#newest;
  }

  async send(bytes: Uint8Array): Promise<void> {
    const connection = await this.connection();
    await new Promise<void>((resolve) => connection.write(bytes, () => resolve()));
  }

  async greet(bytes: Uint8Array): Promise<void> {
    this.#greeting = bytes;
  }

  async channelsClosed(): Promise<void> {
    while (this.#connections.size > 0) await this.#change();
  }

  async stall(): Promise<void> {
    this.#stalled = true;
    for (const connection of this.#connections) connection.pause();
  }

  async resume(): Promise<void> {
    this.#stalled = false;
    for (const connection of this.#connections) connection.resume();
  }

  async unplug(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  async plug(): Promise<void> {
    await this.listen(this.#where);
  }

  async dispose(): Promise<void> {
    await this.unplug();
    await this.#cleanUp();
  }

  #accept(connection: Socket): void {
    this.accepted += 1;
    this.#connections.add(connection);
    this.#newest = connection;
    connection.on('data', this.#received);
    if (this.#stalled) connection.pause();
    connection.on('error', () => {}); // the host can disconnect at any time
    connection.on('close', () => {
      this.#connections.delete(connection);
      if (this.#newest === connection) this.#newest = undefined;
      this.#changed();
    });
    if (this.#greeting) connection.write(this.#greeting);
    this.#greeting = undefined;
    this.#changed();
  }

  #change(): Promise<void> {
    const before = this.#changed;
    return new Promise((resolve) => {
      this.#changed = () => {
        before();
        resolve();
      };
    });
  }
}
