import { type SpawnOptions, spawn } from 'node:child_process';

/** How a program has ended, and what it printed. */
export interface Ended {
  /** The exit code. Null if a signal has ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 * @param command The program and its arguments.
 * @param options `signal` ends it.
 * @throws Error if it cannot be started.
 */
export async function runToEnd([program = '', ...args]: readonly string[], options: SpawnOptions): Promise<Ended> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      told[name] += text;
    });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...told }));
  });
}
