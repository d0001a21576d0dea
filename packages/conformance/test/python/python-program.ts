import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The address of an independent program of lab/suite, which shares no code with this project. */
export function pathOf(name: 'independent_device.py' | 'independent_host.py'): string {
  return fileURLToPath(new URL(`../../../../lab/suite/${name}`, import.meta.url));
}

/** What a process has written, and its exit code. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process in Python. It is killed at the end of its test. */
export class PythonProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #lines: AsyncIterator<string>;

  constructor(name: Parameters<typeof pathOf>[0], args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn('python3', [pathOf(name), ...args], { env: { ...process.env, ...env } });
    const texts = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      this.child[stream]!.setEncoding('utf8').on('data', (text: string) => {
        texts[stream] += text;
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => resolve({ code, ...texts }));
    });
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** Returns the next line of stdout. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the program has ended: ${JSON.stringify(await this.ended)}`);
    return value;
  }

  /** Writes a line to its stdin. */
  say(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  /** Ends its stdin. */
  endInput(): Promise<Ended> {
    this.child.stdin!.end();
    return this.ended;
  }
}
