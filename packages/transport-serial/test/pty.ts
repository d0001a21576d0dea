import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConformanceHarness } from '@bluetap/transport/conformance';
import { fastClock } from '@bluetap/transport/conformance';
import { serial } from '../src/index.js';
import { openTerminal, type Terminal } from './terminal.js';

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
