import type { ListenOptions, Server } from 'node:net';
import { TransportError, type TransportErrorCode } from '@bluetap/transport';
import { printable } from '@bluetap/transport/kit';

const CODES: Record<string, readonly [TransportErrorCode, string]> = {
  EADDRINUSE: ['busy', 'the address is in use: choose another address, or end the program that uses it'],
  EPERM: ['permission-denied', 'not permitted: check what the system or a sandbox allows'],
  ENOENT: ['not-found', 'no such directory: create it, or choose another path'],
  ENOTFOUND: ['not-found', 'no such host: check the name'],
  EADDRNOTAVAIL: ['not-found', 'this machine does not have that address: use an address of this machine'],
};

/** A system can reserve the ports up to this number for root. */
const LAST_PRIVILEGED_PORT = 1023;

/** Explains EACCES. For a unix socket, this code can also mean that the directory does not exist. */
function notPermitted({ port }: ListenOptions): string {
  if (port === undefined) return 'not permitted, or the directory does not exist: choose another path';
  return port <= LAST_PRIVILEGED_PORT
    ? `not permitted: a port below ${LAST_PRIVILEGED_PORT + 1} needs root; choose a higher port`
    : 'not permitted: the system reserves this port; choose another port';
}

/** Starts to listen. @param address The address for people. @throws TransportError as `listen` does. */
export function startServer(server: Server, options: ListenOptions, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const [code, text] =
        cause.code === 'EACCES'
          ? (['permission-denied', notPermitted(options)] as const)
          : (CODES[cause.code ?? ''] ?? ['io', cause.message]);
      reject(new TransportError(code, `cannot listen on ${printable(address)}: ${printable(text)}`, { cause }));
    };
    server.once('error', failed);
    server.listen(options, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
