import { type SpawnOptions, spawn } from 'node:child_process';

/** How a program has ended, and what it printed. */
export interface Ended {
  /** The exit code. Null if a signal has ended it. */
  readonly code: number | null;
  /** Its stdout and stderr, as far as they are pipes. */
  readonly output: string;
}

/** Runs a program to its end. `options.signal` ends it. Rejects if it cannot be started. */
export async function runProgram(command: string, args: readonly string[], options: SpawnOptions): Promise<Ended> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/**
 * Runs a program that must succeed.
 * @returns What it printed.
 * @throws Error with the command and its output, if it fails.
 */
export async function succeed(command: string, args: readonly string[], options: SpawnOptions): Promise<string> {
  const { code, output } = await runProgram(command, args, options);
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${output}`);
  return output;
}
