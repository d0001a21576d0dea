import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { ConformanceHarness } from '@bluetap/transport/conformance';
import { fastClock } from '@bluetap/transport/conformance';
import { serial } from '../src/index.js';

/** Whether this system has the program that makes pseudo-terminals. */
export const havePty = spawnSync('script', ['-qfec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;

const WITHIN = 'stty raw -echo && tty >&3 && exec cat <&3 >/dev/null';

interface Terminal {
  readonly path: string;
  write(bytes: Uint8Array): Promise<void>;
  pause(): void;
  resume(): void;
  hangUp(): Promise<void>;
}

/** A pseudo-terminal whose far end is this process; `script` makes it. */
async function openTerminal(received: (bytes: Uint8Array) => void): Promise<Terminal> {
  const child = spawn('script', ['-qfec', WITHIN, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, SHELL: '/bin/sh' },
  }) as unknown as ChildProcessByStdio<Writable, Readable, null>;
  const control = (child.stdio as unknown as Duplex[])[3]!;
  const { stdin, stdout } = child;
  for (const stream of [stdin, stdout, control]) stream.on('error', () => {});
  const [text] = (await once(control, 'data')) as [Buffer];
  const path = text.toString().trim();
  stdout.on('data', (bytes: Buffer) => received(Uint8Array.from(bytes)));
  const gone = once(child, 'close');
  return {
    path,
    write: (bytes) =>
      new Promise((resolve) => {
        // What the terminal cannot take any more is lost, like everything at an unplug.
        if (stdin.writable) stdin.write(bytes, () => resolve());
        else resolve();
      }),
    // Its program keeps what is not read, without limit: so it is the one that has to stand still.
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async hangUp() {
      control.destroy();
      // Whoever waits for us to read or write cannot end.
      stdout.destroy();
      stdin.destroy();
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A device at a real pseudo-terminal, and the transport to it with the real binding. */
export class PtyPeer implements ConformanceHarness {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bluetap-serial-'));
  /** Stays the same when the terminal behind it does not, as a device's by-id path does. */
  readonly path = join(this.#folder, 'device');
  // The first load of the native part takes its time.
  readonly transport = serial({ path: this.path, clock: fastClock(20), timeoutMs: 60_000 });
  terminal!: Terminal;
  readonly #received: (bytes: Uint8Array) => void;
  readonly #terminals: Terminal[] = [];

  static async create(received: (bytes: Uint8Array) => void = () => {}): Promise<PtyPeer> {
    const peer = new PtyPeer(received);
    await peer.plug();
    return peer;
  }

  private constructor(received: (bytes: Uint8Array) => void) {
    this.#received = received;
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.terminal.write(bytes);
  }

  async unplug(): Promise<void> {
    await this.terminal.hangUp();
    // The path can go a moment after the process that held it.
    while (existsSync(this.terminal.path)) await new Promise((resolve) => setImmediate(resolve));
    rmSync(this.path);
  }

  async plug(): Promise<void> {
    this.terminal = await openTerminal(this.#received);
    this.#terminals.push(this.terminal);
    symlinkSync(this.terminal.path, this.path);
  }

  async stall(): Promise<void> {
    this.terminal.pause();
  }

  async resume(): Promise<void> {
    this.terminal.resume();
  }

  async dispose(): Promise<void> {
    for (const terminal of this.#terminals) await terminal.hangUp();
    rmSync(this.#folder, { recursive: true });
  }
}
