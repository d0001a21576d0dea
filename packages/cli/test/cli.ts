import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import type { Hardware } from '../src/devices/transport.js';
import { run as runHere } from '../src/program.js';

/** The compiled program of `npm run bluetap`. `npm test` compiles it first. By hand, run `npx tsc -b packages/cli`. */
export const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A process under test. It is killed at the end of its test. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[], { env, ...options }: SpawnOptions = {}) {
    const { BLUETAP_TRANSPORT: _, FORCE_COLOR: __, NO_COLOR: ___, ...inherited } = process.env;
    const start = performance.now();
    this.child = spawn(command, args, { ...options, env: { ...inherited, ...env } });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]?.setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve({ code, signal, ...texts, ms: performance.now() - start }));
    });
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Returns the next line of stdout. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`it ended: ${JSON.stringify(await this.ended)}`);
    return value;
  }

  /** Returns the next line of stdout, as JSON, that `wanted` accepts. */
  async event(wanted: (event: Event) => boolean = () => true): Promise<Event> {
    for (;;) {
      const event = JSON.parse(await this.line());
      if (wanted(event)) return event;
    }
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the tests check the content of each line of JSON.
export type Event = any;

export function start(args: readonly string[], options?: SpawnOptions): Running {
  return new Running(process.execPath, [main, ...args], options);
}

export function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return start(args, { env }).ended;
}

/**
 * Runs a command in this process, which is faster than a new process. Only one call at a time.
 * @param hardware The transports that lead to hardware. Default: the real hardware.
 */
export async function call(
  args: readonly string[],
  hardware?: Hardware,
): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> {
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      texts[name] += text;
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await runHere(args, hardware);
    return { code: Number(process.exitCode ?? 0), ...texts };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** Starts an emulated device in another process, and returns it with its event "ready". */
export async function emulate(args: readonly string[]): Promise<{ running: Running; ready: Event }> {
  const running = start(['emulate', '--json', ...args]);
  return { running, ready: await running.event() };
}

/** Makes a folder that is removed at the end of the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bluetap-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Expects exactly this text on stdout, and nothing on stderr. */
export function printed(text: string, code = 0): Partial<Ended> {
  return { code, stdout: text, stderr: '' };
}
