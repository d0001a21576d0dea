import { spawnSync } from 'node:child_process';
import type { Deadline } from './deadline.js';
import { LabError, OutOfTime } from './lab-errors.js';

/** How a program runs. */
export interface ProgramOptions {
  /** Where it runs; this process's folder when undefined. */
  readonly folder?: string | undefined;
  /** Its stdin. */
  readonly input?: Buffer;
  /** Whether it may fail without a word. */
  readonly quiet?: boolean;
}

/**
 * Runs one of the system's programs that prepare the guest. What it prints goes to stderr, since stdout is the command's.
 * @returns Its stdout, or undefined when it failed and `quiet` is set.
 * @throws LabError when it fails, OutOfTime when it has not ended in time.
 */
export function runProgram(
  deadline: Deadline,
  [program = '', ...args]: readonly string[],
  { folder, input, quiet = false }: ProgramOptions = {},
): Buffer | undefined {
  const { status, signal, error, stdout } = spawnSync(program, args, {
    cwd: folder,
    input: input ?? '',
    stdio: ['pipe', 'pipe', quiet ? 'ignore' : 2],
    timeout: deadline.left,
    maxBuffer: 2 ** 30,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  });
  if (status === 0 && !error) return stdout;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ETIMEDOUT') throw new OutOfTime(`${program} had not ended after ${deadline.seconds} s (--timeout).`);
  if (quiet) return undefined;
  const how =
    code === 'ENOENT' ? 'was not found' : signal ? `was ended by ${signal}` : `failed with exit code ${status}`;
  throw new LabError(`${[program, ...args].join(' ')} ${how}.`);
}
