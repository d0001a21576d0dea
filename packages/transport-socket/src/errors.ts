import { statSync } from 'node:fs';
import { TransportError, type TransportErrorCode } from '@bluetap/transport';
import { messageOf, readSystemError, stoodStill } from '@bluetap/transport/kit';

/** The command that starts an emulated device at an address. */
function emulate(address: string): string {
  return address.startsWith('unix:')
    ? `bluetap emulate --unix ${address.slice('unix:'.length)}`
    : `bluetap emulate --tcp ${address.slice('tcp://'.length)}`;
}

const nothingListens = (address: string): string =>
  `nothing listens at ${address}: start a device there with \`${emulate(address)}\`, or check the address`;
const notASocket = (address: string): string =>
  `${address} is not a socket, but another file or a folder: check the path; \`bluetap emulate --unix PATH\` creates a socket at a path that does not exist yet`;
const unreachable = (address: string): string =>
  `${address} cannot be reached from here: check the address and the network`;
const notPermitted = (address: string): string =>
  address.startsWith('unix:')
    ? `this user may not connect to ${address}: the user needs write permission on the socket and access to its folders`
    : `the system does not let this user connect to ${address}: a firewall or a sandbox forbids it`;
const noAnswer = (address: string): string =>
  `${address} does not answer: check the address, that the host is up, and that no firewall drops the connection`;
const reset = (address: string): string =>
  `${address} closed the connection immediately: check that it is a BlueTap device`;

type Row = readonly [code: TransportErrorCode, message: (address: string) => string];

/** By the error code of the system: the code of the contract, and the message. */
const table: Readonly<Record<string, Row>> = {
  ECONNREFUSED: ['not-found', nothingListens],
  ENOENT: ['not-found', nothingListens],
  ENOTDIR: ['not-found', nothingListens],
  ENOTSOCK: ['not-found', nothingListens],
  ENOTFOUND: ['not-found', (address) => `the host of ${address} is not known: check the name`],
  EHOSTUNREACH: ['not-found', unreachable],
  ENETUNREACH: ['not-found', unreachable],
  EACCES: ['permission-denied', notPermitted],
  EPERM: ['permission-denied', notPermitted],
  ETIMEDOUT: ['timeout', noAnswer],
  ECONNRESET: ['disconnected', reset],
  EPIPE: ['disconnected', reset],
  EAI_AGAIN: ['io', (address) => `the host name of ${address} could not be looked up now: check the network`],
};

/** The TransportError for a failed connection to `address`. The original error is its cause. */
export function connectError(address: string, cause: NodeJS.ErrnoException): TransportError {
  if (isOtherFile(address)) return new TransportError('not-found', notASocket(address), { cause });
  const row = table[cause.code ?? ''];
  if (row) return new TransportError(row[0], row[1](address), { cause });
  // The table has the errors of sockets. `readSystemError` reads the errors of any file or device.
  const { code, said } = readSystemError(cause, process.platform, address);
  return new TransportError(code, `${address}: ${said}`, { cause });
}

/**
 * True if the path of a unix socket is another kind of file. A system reports the same error for a socket without a
 * listener.
 */
function isOtherFile(address: string): boolean {
  if (!address.startsWith('unix:')) return false;
  try {
    return !statSync(address.slice('unix:'.length)).isSocket();
  } catch {
    return false;
  }
}

/** The TransportError for a connection that was not made within its time. */
export function connectTimeout(address: string, ms: number, stoodStillMs: number): TransportError {
  return new TransportError('timeout', `${noAnswer(address)} (waited ${ms} ms${stoodStill(stoodStillMs)})`);
}

/** The TransportError for a channel that ended because the far end or this program closed it. */
export function disconnected(address: string, why: string): TransportError {
  return new TransportError('disconnected', `${address}: ${why}`);
}

/** The TransportError for an error of the system on an open connection. Every such error ends the channel. */
export function broken(address: string, cause: Error): TransportError {
  return new TransportError(
    'disconnected',
    `${address}: the connection broke (${messageOf(cause)}): check the network`,
    { cause },
  );
}
