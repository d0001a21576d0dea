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

/** The options of `socket`. An unknown name is a TypeError. */
export interface SocketOptions {
  /** How long `open` waits for the connection, in milliseconds, from 1 to 2147483647. Default 3000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * How long a TCP connection may be silent, in milliseconds, before the SDK asks whether the device is still there.
   * `false`: the SDK never asks. Default 15000. It does not apply to a unix socket, because a unix socket reports when
   * its far end closes.
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

/** @throws TypeError that names every option that is wrong, RangeError for a number that is out of its range. */
function check(options: SocketOptions): void {
  checkOptions('socket()', options, RULES);
  for (const name of ['connectTimeoutMs', 'keepAliveMs'] as const) {
    const ms = options[name];
    if (typeof ms !== 'number' || (ms >= 1 && ms <= LONGEST_MS)) continue;
    throw new RangeError(`${name} must be from 1 to ${LONGEST_MS} milliseconds, not ${ms}`);
  }
}

/**
 * The transport to a device behind a TCP or unix socket. The device is an emulated device in another process, or a real
 * device behind a serial-to-TCP bridge.
 *
 * `list` always returns this one address, even if nothing listens there. Only `open` finds out. `list` does not
 * connect, because a connection would take the session of another program that uses the device.
 *
 * @param address `tcp://HOST:PORT` (IPv6 in brackets: `tcp://[::1]:4000`) or `unix:PATH`.
 * @throws TypeError for any other address or for a wrong option, RangeError for a time that is out of its range.
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
      if (id !== address)
        throw new TransportError('not-found', `${address} is not ${id}: open a device that list() returns`);
      return connectSocket(address, target, { connectTimeoutMs, signal }, (connected) => {
        return new SocketChannel(address, connected, handlers);
      });
    },
  };
}
