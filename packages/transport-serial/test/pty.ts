import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { ConformanceHarness } from '@bluetap/transport/conformance';
import { fastClock } from '@bluetap/transport/conformance';
import { serial } from '../src/index.js';

/** True if this system has the program that makes pseudo-terminals. */
export const havePty = spawnSync('script', ['-qfec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;

const WITHIN = 'stty raw -echo && tty >&3 && exec cat <&3 >/dev/null';

interface Terminal {
  readonly path: string;
  write(bytes: Uint8Array): Promise<void>;
  pause(): void;
  resume(): void;
  hangUp(): Promise<void>;
}

/** A pseudo-terminal whose far end is this process. The program `script` makes it. */
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
        // Bytes that the terminal no longer accepts are lost, as at an unplug.
        if (stdin.writable) stdin.write(bytes, () => resolve());
        else resolve();
      }),
    // The program `script` buffers unread bytes without limit, so `pause` stops this program.
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async hangUp() {
      control.destroy();
      // A program that waits for this process to read or write cannot end.
      stdout.destroy();
      stdin.destroy();
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A device at a real pseudo-terminal, and its transport with the real binding. */
export class PtyPeer implements ConformanceHarness {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bluetap-serial-'));
  /** This path stays the same when the terminal changes, like the by-id path of a device. */
  readonly path = join(this.#folder, 'device');
  // The first load of the native part takes some time.
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
    // The path can disappear shortly after its process has ended.
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
