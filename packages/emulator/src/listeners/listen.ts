import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { resolve as resolvePath } from 'node:path';
import { checkOptions } from '@bluetap/transport/kit';
import { aText } from '../contract/check-arguments.js';
import type { EmulatedDevice } from '../contract/emulated-device.js';
import type { Listener } from './listener.js';
import { checkEmulator, serve } from './serve.js';
import { startServer } from './start-server.js';
import { formatTcpAddress, parseTcpAddress } from './tcp-address.js';
import { checkUnixPath, listenAtPath } from './unix-path.js';

/** Where to listen: HOST:PORT (loopback when only a port is given, port 0 for any), or the path of a unix socket. */
export type ListenAddress = { readonly tcp: string } | { readonly unix: string };

/** More hosts than anyone has POS programs; a client that only opens connections meets a bound. */
const MAX_HOSTS = 64;

/**
 * Listens on a socket: each connection is one channel, frames back to back. docs/protocol.md, Byte stream.
 *
 * While the device is unplugged the listener stays, and closes new connections immediately. A socket file that a
 * killed process left behind is replaced. Of several that want the same path one gets it; on close it removes the file, if
 * that is still its own.
 * @throws TypeError for an argument of another kind; RangeError for a malformed address; TransportError `busy` when it
 * is in use, `permission-denied`, `not-found` (no such host here, or no such directory) or `io`.
 */
export async function listen(emulator: EmulatedDevice, where: ListenAddress): Promise<Listener> {
  checkEmulator('listen()', emulator);
  const { tcp, unix } = checkWhere(where);
  const sockets = new Set<Socket>();
  const kind = unix === undefined ? 'tcp' : 'unix';
  let hosts = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    accept(emulator, socket, `${kind} ${++hosts}`);
  });
  server.maxConnections = MAX_HOSTS;
  const { address, release = () => {} } =
    unix === undefined ? await listenTcp(server, tcp!) : await listenUnix(server, unix);
  // A connection that could not be accepted (no descriptors left) is that host's trouble, not the end of the process.
  server.on('error', () => {});

  let closing: Promise<void> | undefined;
  let unfollow = () => {};
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      unfollow();
      // While the server still listens, no other process takes the path.
      release();
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

function accept(emulator: EmulatedDevice, socket: Socket, name: string): void {
  // What went wrong does not matter: 'close' follows, and the host has gone.
  socket.on('error', () => {});
  if (!emulator.plugged) {
    socket.destroy();
    return;
  }
  const connection = serve(emulator, { name, input: socket, output: socket, close: () => void socket.destroy() });
  socket.on('close', () => connection.end());
}

function checkWhere(where: ListenAddress): { readonly tcp?: string | undefined; readonly unix?: string | undefined } {
  checkOptions('listen()', where, { tcp: aText, unix: aText });
  const { tcp, unix }: { readonly tcp?: string | undefined; readonly unix?: string | undefined } = where ?? {};
  if ((tcp === undefined) === (unix === undefined)) {
    throw new TypeError('listen(): say where, by tcp or by unix, and by one of them alone');
  }
  return where;
}

/** An address, and the function that gives it free. */
interface Listening {
  readonly address: string;
  readonly release?: (() => void) | undefined;
}

async function listenTcp(server: Server, text: string): Promise<Listening> {
  const { host, port } = parseTcpAddress(text);
  await startServer(server, { host, port }, `tcp://${formatTcpAddress(host, port)}`);
  const bound = server.address() as AddressInfo;
  return { address: `tcp://${formatTcpAddress(bound.address, bound.port)}` };
}

async function listenUnix(server: Server, path: string): Promise<Listening> {
  checkUnixPath(path);
  const release = await listenAtPath(server, path);
  // Absolute, because the reader of the address can have another working directory.
  return { address: `unix:${resolvePath(path)}`, release };
}
