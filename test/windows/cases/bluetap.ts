import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const folder = join('node_modules', '@bluetap', 'cli');
const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: { bluetap: string } };

/** The program of the installed command `bluetap`. */
export const BLUETAP = join(folder, bin.bluetap);

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the installed command `bluetap` as a Windows program. */
export function bluetap(...args: readonly string[]): Promise<Ended> {
  return run(process.execPath, BLUETAP, ...args);
}

/** Runs a program, such as `cmd`. */
export async function run(command: string, ...args: readonly string[]): Promise<Ended> {
  // No command here takes that long, but a command that hangs must not hang the run.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}
