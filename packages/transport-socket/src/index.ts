import { type Transport, TransportError } from '@bluetap/transport';
import { parseAddress } from './address.js';
import { connect } from './connect.js';
import { SocketLink } from './socket-link.js';

export interface SocketOptions {
  /** How long `open` waits for the connection, in milliseconds, from 1 to 2147483647. Default 3000. */
  readonly connectTimeoutMs?: number;
}

/**
 * A device behind a TCP or unix socket: an emulated one in another process, or a real one behind a serial-to-TCP bridge.
 *
 * `list` gives this one address, whether or not anything listens there: that is known only when `open` tries. A list that
 * probed would take the session of whoever uses the device.
 *
 * @param address `tcp://HOST:PORT` (IPv6 in brackets: `tcp://[::1]:4000`) or `unix:PATH`
 * @throws TypeError for any other address, RangeError for a timeout that is not in its range
 */
export function socket(address: string, { connectTimeoutMs = 3000 }: SocketOptions = {}): Transport {
  const target = parseAddress(address);
  if (!(connectTimeoutMs >= 1 && connectTimeoutMs <= 2_147_483_647)) {
    throw new RangeError(`connectTimeoutMs must be from 1 to 2147483647 milliseconds, not ${connectTimeoutMs}`);
  }
  const device = { id: address, path: address, interface: 'path' in target ? 'unix socket' : 'TCP' };
  return {
    name: address,
    async list({ signal } = {}) {
      signal?.throwIfAborted();
      return [device];
    },
    async open({ id }, handlers, { signal } = {}) {
      if (id !== address) throw new TransportError('not-found', `${address} is not ${id}: open what list() gives`);
      return connect(address, target, { connectTimeoutMs, signal }, (connected) => {
        return new SocketLink(address, connected, handlers);
      });
    },
  };
}
