import type { SpawnOptions } from 'node:child_process';
import { runToEnd } from '../../../lab/dist/run-to-end.js';

/**
 * Runs a program that must succeed.
 * @returns What it printed.
 * @throws Error with the command and its output, if it fails.
 */
export async function succeed(command: string, args: readonly string[], options: SpawnOptions): Promise<string> {
  const { code, stdout, stderr } = await runToEnd([command, ...args], options);
  const output = stdout + stderr;
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${output}`);
  return output;
}
