import { spawnSync } from 'node:child_process';
import type { Deadline } from './deadline.js';
import { LabError, OutOfTime } from './lab-errors.js';

/** The options of a program that prepares the guest. */
export interface ProgramOptions {
  /** The folder in which the program runs. Undefined: the folder of this process. */
  readonly folder?: string | undefined;
  /** The stdin of the program. */
  readonly input?: Buffer;
  /** True if the program may fail without a message. */
  readonly quiet?: boolean;
}

/**
 * Runs a program of the system that prepares the guest. Its stderr goes to the stderr of the lab, because the stdout of
 * the lab belongs to the command.
 * @returns The stdout of the program. Undefined if the program failed and `quiet` is true.
 * @throws LabError if the program fails. OutOfTime if it does not end in time.
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
