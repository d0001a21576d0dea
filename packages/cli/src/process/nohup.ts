import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** The flag of Linux for a file that is open for writing only. */
const WRITE_ONLY = 1;
const ACCESS_MODE = 3;

/**
 * True if nohup started this program, so that it runs longer than its terminal. nohup starts a program with SIGHUP
 * ignored, but Node resets this before any code of ours runs. So this function looks for other signs of nohup:
 *
 * - Most shells put the name of the command into the variable `_`.
 * - If stdin was a terminal, nohup replaces it by /dev/null, open for writing only.
 * - If stdout or stderr was a terminal, nohup replaces it by a file with the name nohup.out.
 */
export function isUnderNohup(env: NodeJS.ProcessEnv = process.env): boolean {
  return basename(env['_'] ?? '') === 'nohup' || isUnreadableNull() || [1, 2].some(isNohupOut);
}

function isUnreadableNull(): boolean {
  try {
    const [, flags] = /^flags:\s*(\d+)/m.exec(readFileSync('/proc/self/fdinfo/0', 'latin1')) ?? [];
    const writeOnly = (Number.parseInt(flags ?? '0', 8) & ACCESS_MODE) === WRITE_ONLY;
    return writeOnly && readlinkSync('/proc/self/fd/0') === '/dev/null';
  } catch {
    // The system is not Linux, or there is no stdin.
    return false;
  }
}

function isNohupOut(descriptor: number): boolean {
  try {
    return basename(readlinkSync(`/proc/self/fd/${descriptor}`)) === 'nohup.out';
  } catch {
    return false;
  }
}
