/**
 * `socket()`: the transport over TCP or a unix socket. docs/protocol.md section 1.
 *
 * @packageDocumentation
 */

import { type Transport, TransportError } from '@bluetap/transport';
import { checkOptions, type OptionRule, type OptionRules } from '@bluetap/transport/kit';
import { parseAddress } from './address.js';
import { connectSocket } from './connect.js';
import { SocketChannel } from './socket-channel.js';

/** What `socket` takes besides the address. A name that is not here is a TypeError. */
export interface SocketOptions {
  /** How long `open` waits for the connection, in milliseconds, from 1 to 2147483647. Default 3000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * How long a TCP connection may be silent, in milliseconds, before the SDK asks whether the device is still there; false: it
   * never asks. Default 15000. A unix socket tells by itself when its far end goes, and is not asked.
   */
  readonly keepAliveMs?: number | false | undefined;
}

const LONGEST_MS = 2_147_483_647;
const KEEP_ALIVE_MS = 15_000;

const aNumber: OptionRule = { must: 'be a number', holds: (value) => typeof value === 'number' };
const RULES: OptionRules<SocketOptions> = {
  connectTimeoutMs: aNumber,
  keepAliveMs: { must: 'be a number, or false', holds: (value) => value === false || aNumber.holds(value) },
};

/** @throws TypeError that names every option that is wrong, RangeError for a number that is not in its range */
function check(options: SocketOptions): void {
  checkOptions('socket()', options, RULES);
  for (const name of ['connectTimeoutMs', 'keepAliveMs'] as const) {
    const ms = options[name];
    if (typeof ms !== 'number' || (ms >= 1 && ms <= LONGEST_MS)) continue;
    throw new RangeError(`${name} must be from 1 to ${LONGEST_MS} milliseconds, not ${ms}`);
  }
}

/**
 * A device behind a TCP or unix socket: an emulated one in another process, or a real one behind a serial-to-TCP bridge.
 *
 * `list` gives this one address, whether or not anything listens there: that is known only when `open` tries. A list that
 * probed would take the session of whoever uses the device.
 *
 * @param address `tcp://HOST:PORT` (IPv6 in brackets: `tcp://[::1]:4000`) or `unix:PATH`
 * @throws TypeError for any other address or an option that is wrong, RangeError for a time that is not in its range
 */
export function socket(address: string, options: SocketOptions = {}): Transport {
  const target = parseAddress(address);
  check(options);
  const { connectTimeoutMs = 3000, keepAliveMs = KEEP_ALIVE_MS } = options;
  const device = { id: address, path: address, interface: 'path' in target ? 'unix socket' : 'TCP' };
  return {
    name: address,
    ...(keepAliveMs !== false && 'host' in target && { keepAliveMs }),
    async list({ signal } = {}) {
      signal?.throwIfAborted();
      return [device];
    },
    async open({ id }, handlers, { signal } = {}) {
      if (id !== address) throw new TransportError('not-found', `${address} is not ${id}: open what list() gives`);
      return connectSocket(address, target, { connectTimeoutMs, signal }, (connected) => {
        return new SocketChannel(address, connected, handlers);
      });
    },
  };
}
