import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { TransportError } from '@bluetap/transport';

/** The system cuts a longer path off without a word, and the socket would be another file. */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** @throws RangeError for a path that cannot be a unix socket's. */
export function checkUnixPath(path: string): void {
  const length = Buffer.byteLength(path);
  if (length === 0 || length > MAX_PATH_BYTES || path.includes('\0')) {
    throw new RangeError(`"${path}": the path of a unix socket has 1 to ${MAX_PATH_BYTES} bytes and none of them is 0`);
  }
}

/**
 * Removes what a killed process has left in the way: a socket on which nobody answers, and nothing else.
 * @throws TransportError `busy` when something is there that is in use or no socket.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return;
  if (!stats.isSocket()) throw new TransportError('busy', `${path} exists and is not a socket; it was left alone`);
  if (await answers(path)) throw new TransportError('busy', `${path} is in use by another process`);
  await unlink(path).catch(() => undefined);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Only a refusal says that nobody is there; whatever else it is, the file is not ours to remove.
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}
