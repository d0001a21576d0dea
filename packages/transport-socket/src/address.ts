import { isIPv6 } from 'node:net';
import { printable } from '@bluetap/transport/kit';

/** The target of a connection, as options of `net.connect`. */
export type Target = { readonly host: string; readonly port: number } | { readonly path: string };

/** The longest path of a unix socket, in bytes, without the NUL at its end. libuv silently cuts a longer path. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;

/**
 * Reads `tcp://HOST:PORT` (IPv6 in brackets) or `unix:PATH`.
 * @throws TypeError that says what is wrong with the address.
 */
export function parseAddress(address: string): Target {
  if (typeof address !== 'string') throw new TypeError('the address of a socket must be a string');
  if (address.startsWith('tcp://')) return parseTcp(address);
  if (address.startsWith('unix:')) return parseUnix(address);
  throw wrong(address, 'it begins with neither "tcp://" nor "unix:"');
}

function parseTcp(address: string): Target {
  const rest = address.slice('tcp://'.length);
  if (rest.includes('@')) throw wrong(address, 'it contains credentials ("@"), but the connection uses none');
  if (/[/?#]/.test(rest)) throw wrong(address, 'nothing may follow the port');
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(rest) ?? [];
  const host = bracketed ?? name;
  if (host === undefined) throw wrong(address, 'an IPv6 address belongs in brackets, followed by ":" and the port');
  if (bracketed !== undefined && !isIPv6(bracketed)) throw wrong(address, `"${bracketed}" is not an IPv6 address`);
  if (host === '') throw wrong(address, 'the host is missing');
  if (bracketed === undefined && !/^[\w.-]+$/.test(host)) throw wrong(address, `"${host}" is not a host name`);
  if (port === undefined || port === '') throw wrong(address, 'the port is missing');
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) {
    throw wrong(address, `the port must be a number from 1 to 65535, not "${port}"`);
  }
  return { host, port: Number(port) };
}

function parseUnix(address: string): Target {
  const path = address.slice('unix:'.length);
  if (path === '') throw wrong(address, 'the path is missing');
  if (path.includes('\0')) throw wrong(address, 'the path contains a zero byte');
  const length = Buffer.byteLength(path);
  if (length > LONGEST_PATH) {
    throw wrong(address, `the path has ${length} bytes, and the system takes at most ${LONGEST_PATH}`);
  }
  return { path };
}

function wrong(address: string, what: string): TypeError {
  const text = `bad address ${JSON.stringify(address)}: ${what}. Write tcp://HOST:PORT (IPv6 in brackets: tcp://[::1]:4000) or unix:PATH`;
  return new TypeError(printable(text));
}
