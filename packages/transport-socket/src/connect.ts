import net, { type Socket } from 'node:net';
import { type Clock, systemClock } from '@bluetap/transport';
import { setDeadline } from '@bluetap/transport/kit';
import type { Target } from './address.js';
import { connectError, connectTimeout } from './errors.js';

interface ConnectOptions {
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Starts a connection. Tests use another function. */
  readonly begin?: ((target: Target) => Socket) | undefined;
  /** Default: the real clock. */
  readonly clock?: Clock | undefined;
}

const beginWithNet = (target: Target): Socket => net.connect({ ...target, noDelay: true });

/**
 * Connects. Calls `connected` with the socket in the same turn in which the socket connects, so that no event is
 * missed.
 * @throws TransportError, or the reason of the signal. The socket is then destroyed.
 */
export async function connectSocket<T>(
  address: string,
  target: Target,
  { connectTimeoutMs, signal, begin = beginWithNet, clock = systemClock }: ConnectOptions,
  connected: (socket: Socket) => T,
): Promise<T> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = begin(target);
    const takeBack = setDeadline(clock, connectTimeoutMs, (stoodStillMs) =>
      fail(connectTimeout(address, connectTimeoutMs, stoodStillMs)),
    );
    const forget = (): void => {
      takeBack();
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      socket.off('connect', onConnect);
    };
    const fail = (error: unknown): void => {
      forget();
      socket.on('error', () => {}); // an abandoned socket can still fail, and this error is ignored
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason);
    const onError = (error: Error): void => fail(connectError(address, error));
    const onConnect = (): void => {
      forget();
      resolve(connected(socket));
    };
    signal?.addEventListener('abort', onAbort);
    socket.on('error', onError);
    socket.on('connect', onConnect);
  });
}
