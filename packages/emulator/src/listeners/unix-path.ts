import { randomBytes } from 'node:crypto';
import { type BigIntStats, closeSync, linkSync, lstatSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { TransportError } from '@bluetap/transport';
import { printable } from '@bluetap/transport/kit';
import { startServer } from './start-server.js';

/** The system cuts a longer path off without a word, and the socket would be another file. */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** @throws RangeError for a path that cannot be a unix socket's. */
export function checkUnixPath(path: string): void {
  const length = Buffer.byteLength(path);
  if (length === 0 || length > MAX_PATH_BYTES || path.includes('\0')) {
    const shown = printable(path);
    throw new RangeError(
      `"${shown}": the path of a unix socket has 1 to ${MAX_PATH_BYTES} bytes and none of them is 0: choose another path`,
    );
  }
}

/**
 * Makes a server listen on a path. Of several that want the same path one gets it.
 *
 * The socket is made under a name of its own and takes the path when it already listens. So whatever stands at the path and
 * refuses a connection has been left behind by a killed process, and never belongs to one that is just starting. A socket
 * that was left behind is replaced by one process at a time, and only after it has checked the path again.
 * @param link Of node:fs; a file system may have none.
 * @returns The function that removes the file, if it is still this server's own. Call it before the server closes.
 * @throws TransportError `busy` when something is there that is in use or no socket, and as `startServer`.
 */
export async function listenAtPath(
  server: Server,
  path: string,
  link: typeof linkSync = linkSync,
): Promise<() => void> {
  if (process.platform === 'win32') {
    // A named pipe, which is no file.
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

/** Enough to find a name that is free, also where a path leaves room for one letter. */
const ATTEMPTS = 100;

/** Listens beside the path, under a name that fits as well. Returns it, absolute. */
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

/** What a file system says that knows no other name for a socket. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function take(path: string, temporary: string, link: typeof linkSync): Promise<void> {
  for (;;) {
    let free = false;
    try {
      link(temporary, path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Without links everybody comes by way of the lock, and only there is a path that is free safe to take.
      free = NO_LINKS.has(code);
      if (!free && code !== 'EEXIST') throw error;
    }
    if (await replace(path, temporary, free)) return;
  }
}

/**
 * Puts the socket in the place of one that was left behind.
 * @param free Whether it may also take a path where nothing is.
 * @returns False if the file at the path has changed since.
 */
async function replace(path: string, temporary: string, free: boolean): Promise<boolean> {
  const before = await findStale(path);
  if (!before && !free) return false;
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, 'wx'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const text = `${printable(path)} is being taken by another process; if there is no such process, remove ${printable(lock)}`;
    throw new TransportError('busy', text);
  }
  try {
    // The process that had the lock before may have replaced it.
    const stale = await findStale(path);
    if ((!stale && !free) || (stale && !isSame(look(path), stale))) return false;
    renameSync(temporary, path);
    return true;
  } finally {
    remove(lock);
  }
}

/**
 * The socket file at a path that no process listens on; undefined if there is no file.
 * @throws TransportError `busy` for anything else.
 */
async function findStale(path: string): Promise<BigIntStats | undefined> {
  const stats = look(path);
  if (!stats) return undefined;
  const shown = printable(path);
  if (!stats.isSocket())
    throw new TransportError(
      'busy',
      `${shown} exists and is not a socket; it was left alone: remove it, or choose another path`,
    );
  if (await answers(path))
    throw new TransportError('busy', `${shown} is in use by another process: end that one, or choose another path`);
  return stats;
}

function answers(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
    // Only a refused connection shows that no process listens, and ENOENT that there is no file. Otherwise the file is
    // not ours to remove.
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
    // It has gone already, or its folder has.
  }
}

function cannotTake(path: string, cause: NodeJS.ErrnoException): TransportError {
  const shown = printable(path);
  return cause.code === 'EPERM' || cause.code === 'EACCES'
    ? new TransportError(
        'permission-denied',
        `cannot listen on unix:${shown}: what is there may not be replaced; remove it as its owner, or choose another path`,
        { cause },
      )
    : new TransportError('io', `cannot listen on unix:${shown}: check the path (${printable(cause.message)})`, {
        cause,
      });
}
