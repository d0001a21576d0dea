import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { resolve as resolvePath } from 'node:path';
import { TransportError, type TransportErrorCode } from '@bluetap/transport';
import type { Emulator } from '../emulator.js';
import type { Door } from './door.js';
import { serve } from './serve.js';
import { formatTcpAddress, parseTcpAddress } from './tcp-address.js';
import { checkUnixPath, removeStaleSocket } from './unix-path.js';

/** Where to listen: HOST:PORT (loopback when only a port is given, port 0 for any), or the path of a unix socket. */
export type ListenAddress = { readonly tcp: string } | { readonly unix: string };

/** More hosts than anyone has tills; a client that only opens connections meets a bound. */
const MAX_HOSTS = 64;

/**
 * Opens a socket door: each connection is one link, frames back to back. docs/protocol.md, Byte stream.
 *
 * While the device is unplugged the door stays, and connections through it are closed at once. A socket file that a
 * killed process left behind is replaced; the file is removed on close.
 * @throws RangeError for a malformed address; TransportError `busy` when it is in use, `permission-denied`, `not-found`
 * (no such host here, or no such directory) or `io`.
 */
export async function listen(emulator: Emulator, where: ListenAddress): Promise<Door> {
  const sockets = new Set<Socket>();
  const kind = 'unix' in where ? 'unix' : 'tcp';
  let hosts = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    accept(emulator, socket, `${kind} ${++hosts}`);
  });
  server.maxConnections = MAX_HOSTS;
  const address = 'unix' in where ? await listenUnix(server, where.unix) : await listenTcp(server, where.tcp);
  // A connection that could not be accepted (no descriptors left) is that host's trouble, not the end of the process.
  server.on('error', () => {});

  let closing: Promise<void> | undefined;
  let unfollow = () => {};
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      unfollow();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
    return closing;
  };
  try {
    unfollow = emulator.follow({ close });
  } catch (error) {
    await close();
    throw error;
  }
  return { address, close, [Symbol.asyncDispose]: close };
}

function accept(emulator: Emulator, socket: Socket, name: string): void {
  // What went wrong does not matter: 'close' follows, and the host has gone.
  socket.on('error', () => {});
  if (!emulator.plugged) {
    socket.destroy();
    return;
  }
  const connection = serve(emulator, { name, input: socket, output: socket, close: () => void socket.destroy() });
  socket.on('close', () => connection.end());
}

async function listenTcp(server: Server, text: string): Promise<string> {
  const { host, port } = parseTcpAddress(text);
  await startServer(server, { host, port }, `tcp://${formatTcpAddress(host, port)}`);
  const bound = server.address() as AddressInfo;
  return `tcp://${formatTcpAddress(bound.address, bound.port)}`;
}

async function listenUnix(server: Server, path: string): Promise<string> {
  checkUnixPath(path);
  await removeStaleSocket(path);
  await startServer(server, { path }, `unix:${path}`);
  // Absolute, because whoever is given it may work in another directory.
  return `unix:${resolvePath(path)}`;
}

const CODES: Record<string, readonly [TransportErrorCode, string]> = {
  EADDRINUSE: ['busy', 'the address is in use'],
  EPERM: ['permission-denied', 'not permitted'],
  ENOENT: ['not-found', 'no such directory'],
  ENOTFOUND: ['not-found', 'no such host'],
  EADDRNOTAVAIL: ['not-found', 'this machine does not have that address'],
};

/** Up to here a system lets nobody but root listen. */
const LAST_PRIVILEGED_PORT = 1023;

/** What the system calls EACCES: of a unix socket also that its directory is not there. */
function notPermitted({ port }: ListenOptions): string {
  if (port === undefined) return 'not permitted, or the directory does not exist';
  return port <= LAST_PRIVILEGED_PORT
    ? `not permitted: a port below ${LAST_PRIVILEGED_PORT + 1} needs root; choose a higher one`
    : 'not permitted: the system keeps this port for itself; choose another one';
}

/**
 * Starts to listen.
 * @param address For people.
 * @throws TransportError as `listen` does.
 */
export function startServer(server: Server, options: ListenOptions, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const [code, text] =
        cause.code === 'EACCES'
          ? (['permission-denied', notPermitted(options)] as const)
          : (CODES[cause.code ?? ''] ?? ['io', cause.message]);
      reject(new TransportError(code, `cannot listen on ${address}: ${text}`, { cause }));
    };
    server.once('error', failed);
    server.listen(options, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
