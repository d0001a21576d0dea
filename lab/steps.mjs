// Runs the system's programs that prepare the guest. What they print goes to stderr, since stdout is the command's.
import { spawnSync } from 'node:child_process';

/** Something the laboratory itself could not do; the message is for the person who reads it. */
export class LabError extends Error {}

/** The time that a whole run may take. */
export class Deadline {
  #end;

  /** @param {number} seconds */
  constructor(seconds) {
    this.seconds = seconds;
    this.#end = performance.now() + seconds * 1000;
  }

  /** In milliseconds, at least 1: 0 would mean no limit to those who are asked to keep it. */
  get left() {
    return Math.max(1, Math.ceil(this.#end - performance.now()));
  }
}

/** The time is up; the message says what had not ended. */
export class OutOfTime extends LabError {}

/**
 * @param {Deadline} deadline
 * @param {readonly string[]} command
 * @param {{ folder?: string | undefined, input?: Buffer, quiet?: boolean }} [options]
 * @returns {Buffer | undefined} its stdout, or undefined when it failed and `quiet` is set
 * @throws {LabError}
 */
export function step(deadline, [program = '', ...args], { folder, input, quiet = false } = {}) {
  const { status, signal, error, stdout } = spawnSync(program, args, {
    cwd: folder,
    input: input ?? '',
    stdio: ['pipe', 'pipe', quiet ? 'ignore' : 2],
    timeout: deadline.left,
    maxBuffer: 2 ** 30,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  });
  if (status === 0 && !error) return stdout;
  const code = /** @type {NodeJS.ErrnoException | undefined} */ (error)?.code;
  if (code === 'ETIMEDOUT') throw new OutOfTime(`${program} had not ended after ${deadline.seconds} s (--timeout).`);
  if (quiet) return undefined;
  const how =
    code === 'ENOENT' ? 'was not found' : signal ? `was ended by ${signal}` : `failed with exit code ${status}`;
  throw new LabError(`${[program, ...args].join(' ')} ${how}.`);
}
