/** The default host. Only this machine can reach the device there. */
const LOOPBACK = '127.0.0.1';

/** An address to listen on. */
export interface TcpAddress {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  /** 0 to 65535. 0 lets the system choose. */
  readonly port: number;
}

/**
 * Reads HOST:PORT, [IPV6]:PORT, :PORT or PORT. Port 0 lets the system choose.
 * @throws RangeError for anything else.
 */
export function parseTcpAddress(text: string): TcpAddress {
  const [, ipv6, host, port] = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) {
    throw new RangeError(
      `"${text}" is not an address: write HOST:PORT, [IPV6]:PORT or PORT, with a port from 0 to 65535`,
    );
  }
  return { host: ipv6 || host || LOOPBACK, port: Number(port) };
}

export function formatTcpAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
