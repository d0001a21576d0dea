// node server.mjs FOLDER: makes COM ports for Windows programs under Wine. FOLDER is the folder dosdevices of Wine. A
// COM port is a link there to a pseudo-terminal. The server prints its TCP port, and ends when its stdin ends.
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openTerminal, type Terminal } from '../../../packages/transport-serial/test/terminal.js';
import type { Request, Told, Welcome } from './protocol.js';

const folder = process.argv[2] ?? '';
/** Windows programs name the ports up to COM9 in one way and those above in another, so both kinds are used. */
let next = 8;

/** A COM port with the far end of its pseudo-terminal. */
class ComPort {
  readonly name = `COM${next++}`;
  readonly #link = join(folder, this.name.toLowerCase());
  readonly #received: (bytes: Uint8Array) => void;
  #terminal: Terminal | undefined;

  constructor(received: (bytes: Uint8Array) => void) {
    this.#received = received;
  }

  async do(request: Request): Promise<void> {
    switch (request.do) {
      case 'plug':
        this.#terminal = await openTerminal(this.#received);
        symlinkSync(this.#terminal.path, this.#link);
        return;
      case 'unplug':
        return await this.unplug();
      case 'stall':
        return this.#terminal?.pause();
      case 'resume':
        return this.#terminal?.resume();
      case 'send':
        return await this.#terminal?.write(Buffer.from(request.bytes, 'base64'));
    }
  }

  async unplug(): Promise<void> {
    const terminal = this.#terminal;
    this.#terminal = undefined;
    if (!terminal) return;
    await terminal.hangUp();
    // The path can disappear shortly after its process has ended.
    while (existsSync(terminal.path)) await new Promise((resolve) => setImmediate(resolve));
    rmSync(this.#link);
  }
}

function serve(connection: Socket): void {
  const tell = (line: Told | Welcome) => void connection.write(`${JSON.stringify(line)}\n`);
  const port = new ComPort((bytes) => tell({ received: Buffer.from(bytes).toString('base64') }));
  let work: Promise<unknown> = Promise.resolve();
  const lines = createInterface({ input: connection });
  lines.on('line', (line) => {
    const request = JSON.parse(line) as Request;
    work = work.then(() => port.do(request)).then(() => tell({ done: request.id }));
  });
  // The program can end at any time.
  for (const each of [lines, connection]) each.on('error', () => {});
  connection.on('close', () => {
    work = work.then(() => port.unplug());
  });
  tell({ port: port.name });
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
process.stdin.on('end', () => process.exit()).resume();
