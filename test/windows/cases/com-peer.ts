import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Transport } from '@bluetap/transport';
import { type ConformanceHarness, fastClock } from '@bluetap/transport/conformance';
import { serial } from '@bluetap/transport-serial';
import type { Request, Told, Welcome } from '../com-ports/protocol.js';

/** A request without its id. */
type Wish = Request extends infer One ? (One extends Request ? Omit<One, 'id'> : never) : never;

/** A device behind a COM port, and its transport with serialport's binding for Windows. The far end runs on Linux. */
export class ComPeer implements ConformanceHarness {
  /** The name of the port, such as `COM20`. */
  readonly path: string;
  readonly transport: Transport;
  readonly #connection: Socket;
  readonly #waiting = new Map<number, () => void>();
  #requests = 0;

  /** Plugs a device into a new COM port. `received` is called with the bytes that reach the device. */
  static async create(received: (bytes: Uint8Array) => void = () => {}): Promise<ComPeer> {
    const connection = connect(Number(process.env['BLUETAP_TEST_COM_PORTS']), '127.0.0.1');
    const lines = createInterface({ input: connection });
    const [first] = (await once(lines, 'line')) as [string];
    const peer = new ComPeer(connection, (JSON.parse(first) as Welcome).port);
    lines.on('line', (line) => {
      const told = JSON.parse(line) as Told;
      if ('received' in told) return received(Buffer.from(told.received, 'base64'));
      peer.#waiting.get(told.done)?.();
      peer.#waiting.delete(told.done);
    });
    await peer.plug();
    return peer;
  }

  private constructor(connection: Socket, path: string) {
    this.#connection = connection;
    this.path = path;
    // The first load of the native part takes some time.
    this.transport = serial({ path, clock: fastClock(20), timeoutMs: 60_000 });
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.#ask({ do: 'send', bytes: Buffer.from(bytes).toString('base64') });
  }

  plug(): Promise<void> {
    return this.#ask({ do: 'plug' });
  }

  unplug(): Promise<void> {
    return this.#ask({ do: 'unplug' });
  }

  stall(): Promise<void> {
    return this.#ask({ do: 'stall' });
  }

  resume(): Promise<void> {
    return this.#ask({ do: 'resume' });
  }

  async dispose(): Promise<void> {
    await this.unplug();
    const closed = once(this.#connection, 'close');
    this.#connection.end();
    await closed;
  }

  #ask(wish: Wish): Promise<void> {
    const id = this.#requests++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#connection.write(`${JSON.stringify({ id, ...wish })}\n`);
    });
  }
}
