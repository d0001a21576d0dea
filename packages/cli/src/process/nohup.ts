import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Of Linux: opened for writing alone. */
const WRITE_ONLY = 1;
const ACCESS_MODE = 3;

/**
 * Whether this program was started by nohup, to outlive its terminal. nohup starts a program with SIGHUP ignored, but Node
 * sets that back before any of our code runs, so only the other traces of nohup tell:
 *
 * - the name of the command, which most shells put into the variable `_`;
 * - stdin, where it was a terminal: /dev/null, opened for writing alone;
 * - stdout or stderr, where it was a terminal: a file named nohup.out.
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
    // No Linux, or no stdin.
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
