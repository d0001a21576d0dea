import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { resolve as resolvePath } from 'node:path';
import { checkOptions } from '@bluetap/transport/kit';
import { aText } from '../contract/check-arguments.js';
import type { EmulatedDevice } from '../contract/emulated-device.js';
import { HostPlaces } from './host-places.js';
import type { Listener } from './listener.js';
import { checkEmulator, serve } from './serve.js';
import { startServer } from './start-server.js';
import { formatTcpAddress, parseTcpAddress } from './tcp-address.js';
import { checkUnixPath, listenAtPath } from './unix-path.js';

/**
 * The address to listen on. `tcp`: HOST:PORT, or a port alone for the loopback address; port 0 lets the system choose a
 * port. `unix`: the path of a unix socket.
 */
export type ListenAddress = { readonly tcp: string } | { readonly unix: string };

/**
 * More hosts than any user has POS programs. The bound limits a client that only opens connections: see `HostPlaces`.
 */
const MAX_HOSTS = 64;

/**
 * Listens on a TCP or unix socket. Each connection is one channel and carries frames one after the other.
 * docs/protocol.md, Byte stream.
 *
 * While the device is unplugged, the listener stays open and closes new connections immediately. If a killed process
 * left a socket file behind, the file is replaced. If several processes want the same path, one of them gets it. On
 * close the listener removes the socket file, if the file still belongs to it.
 * @throws TypeError for an argument of a wrong type; RangeError for a malformed address; TransportError `busy` if the
 * address is in use, `permission-denied`, `not-found` (this machine has no such host, or no such directory exists) or
 * `io`.
 */
export async function listen(emulator: EmulatedDevice, where: ListenAddress): Promise<Listener> {
  checkEmulator('listen()', emulator);
  const { tcp, unix } = checkWhere(where);
  const places = new HostPlaces(MAX_HOSTS);
  const kind = unix === undefined ? 'tcp' : 'unix';
  let hosts = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    // The error does not matter, because 'close' follows: the host has closed the connection.
    socket.on('error', () => {});
    if (!emulator.plugged) socket.destroy();
    else if (places.take(socket)) accept(emulator, socket, `${kind} ${++hosts}`, places);
  });
  const { address, release = () => {} } =
    unix === undefined ? await listenTcp(server, tcp!) : await listenUnix(server, unix);
  // If a connection cannot be accepted (for example, no file descriptor is free), only that host fails. The process
  // must not end.
  server.on('error', () => {});

  let closing: Promise<void> | undefined;
  let unfollow = () => {};
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      unfollow();
      // No other process takes the path while the server still listens.
      release();
      server.close(() => resolve());
      places.close();
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

function accept(emulator: EmulatedDevice, socket: Socket, name: string, places: HostPlaces): void {
  const connection = serve(emulator, { name, input: socket, output: socket, close: () => void socket.destroy() });
  socket.on('data', () => {
    if (connection.hasSpoken ?? true) places.spoke(socket);
  });
  socket.on('close', () => connection.end());
}

function checkWhere(where: ListenAddress): { readonly tcp?: string | undefined; readonly unix?: string | undefined } {
  checkOptions('listen()', where, { tcp: aText, unix: aText });
  const { tcp, unix }: { readonly tcp?: string | undefined; readonly unix?: string | undefined } = where ?? {};
  if ((tcp === undefined) === (unix === undefined)) {
    throw new TypeError('listen(): give exactly one of tcp and unix');
  }
  return where;
}

/** An address, and the function that releases it. */
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
  // The path is absolute, because the reader of the address can have another working directory.
  return { address: `unix:${resolvePath(path)}`, release };
}
