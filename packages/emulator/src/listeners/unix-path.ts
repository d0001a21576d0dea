import { randomBytes } from 'node:crypto';
import { type BigIntStats, closeSync, linkSync, lstatSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { TransportError } from '@bluetap/transport';
import { printable } from '@bluetap/transport/kit';
import { startServer } from './start-server.js';

/** The system cuts off a longer path without an error. Then the socket would be another file. */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** @throws RangeError if a unix socket cannot have this path. */
export function checkUnixPath(path: string): void {
  const length = Buffer.byteLength(path);
  if (length === 0 || length > MAX_PATH_BYTES || path.includes('\0')) {
    const shown = printable(path);
    throw new RangeError(
      `"${shown}": the path of a unix socket must have 1 to ${MAX_PATH_BYTES} bytes and no zero byte: choose another path`,
    );
  }
}

/**
 * Makes a server listen on a path. If several servers want the same path, one of them gets it.
 *
 * The socket first listens under a temporary name and then takes the path. Therefore a socket at the path that refuses
 * a connection was left behind by a killed process. It never belongs to a process that is starting. Only one process at
 * a time replaces such a socket, and only after it has checked the path again.
 * @param link The function of node:fs. A file system can have no links.
 * @returns The function that removes the file, if the file still belongs to this server. Call it before the server
 * closes.
 * @throws TransportError `busy` if the path is in use or is not a socket, and the errors of `startServer`.
 */
export async function listenAtPath(
  server: Server,
  path: string,
  link: typeof linkSync = linkSync,
): Promise<() => void> {
  if (process.platform === 'win32') {
    // On Windows the path is a named pipe, not a file.
    await startServer(server, { path }, `unix:${path}`);
    return () => {};
  }
  const whole = resolve(path);
  const temporary = await listenAside(server, path);
  try {
    const own = look(temporary);
    await take(whole, temporary, link);
    return () => {
      if (isSame(look(whole), own)) remove(whole);
    };
  } catch (error) {
    await new Promise((closed) => server.close(closed));
    throw error instanceof TransportError ? error : cannotTake(path, error as NodeJS.ErrnoException);
  } finally {
    remove(temporary);
  }
}

/** Enough attempts to find a free name, even if the path has room for only one letter. */
const ATTEMPTS = 100;

/**
 * Listens in the same directory, under a temporary name that is short enough. Returns the absolute path of that name.
 */
async function listenAside(server: Server, path: string): Promise<string> {
  const folder = dirname(path);
  const room = MAX_PATH_BYTES - Buffer.byteLength(join(folder, 'x')) + 1;
  for (let attempt = 1; ; attempt++) {
    const aside = join(folder, `.${randomBytes(8).toString('hex')}`.slice(-Math.min(room, 17)));
    try {
      if (aside !== join(path)) {
        await startServer(server, { path: aside }, `unix:${path}`);
        return resolve(aside);
      }
    } catch (error) {
      if ((error as TransportError).code !== 'busy' || attempt >= ATTEMPTS) throw error;
    }
  }
}

/** The error codes of a file system that cannot link a socket to a second name. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function take(path: string, temporary: string, link: typeof linkSync): Promise<void> {
  for (;;) {
    let free = false;
    try {
      link(temporary, path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Without links every process must use the lock. Only with the lock is it safe to take a free path.
      free = NO_LINKS.has(code);
      if (!free && code !== 'EEXIST') throw error;
    }
    if (await replace(path, temporary, free)) return;
  }
}

/**
 * Replaces a socket that was left behind.
 * @param free True if it may also take a free path.
 * @returns False if the file at the path has changed since the check.
 */
async function replace(path: string, temporary: string, free: boolean): Promise<boolean> {
  const before = await findStale(path);
  if (!before && !free) return false;
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, 'wx'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const text = `another process is taking ${printable(path)}; if no such process runs, remove ${printable(lock)}`;
    throw new TransportError('busy', text);
  }
  try {
    // The process that had the lock before can have replaced the file.
    const stale = await findStale(path);
    if ((!stale && !free) || (stale && !isSame(look(path), stale))) return false;
    renameSync(temporary, path);
    return true;
  } finally {
    remove(lock);
  }
}

/**
 * Returns the socket file at a path if no process listens on it; undefined if there is no file.
 * @throws TransportError `busy` in any other case.
 */
async function findStale(path: string): Promise<BigIntStats | undefined> {
  const stats = look(path);
  if (!stats) return undefined;
  const shown = printable(path);
  if (!stats.isSocket())
    throw new TransportError(
      'busy',
      `${shown} exists and is not a socket, so it was not replaced: remove it, or choose another path`,
    );
  if (await answers(path))
    throw new TransportError('busy', `${shown} is in use by another process: end that process, or choose another path`);
  return stats;
}

function answers(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
    // Only a refused connection shows that no process listens, and only ENOENT shows that there is no file. In any
    // other case we must not remove the file.
    socket.once('error', ({ code }: NodeJS.ErrnoException) => settle(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}

function look(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function isSame(one: BigIntStats | undefined, other: BigIntStats | undefined): boolean {
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The file or its directory does not exist any more.
  }
}

function cannotTake(path: string, cause: NodeJS.ErrnoException): TransportError {
  const shown = printable(path);
  return cause.code === 'EPERM' || cause.code === 'EACCES'
    ? new TransportError(
        'permission-denied',
        `cannot listen on unix:${shown}: this user may not replace the file there; remove it as its owner, or choose another path`,
        { cause },
      )
    : new TransportError('io', `cannot listen on unix:${shown}: check the path (${printable(cause.message)})`, {
        cause,
      });
}
