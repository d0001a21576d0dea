import net, { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectSocket } from '../src/connect.js';
import { socket } from '../src/index.js';
import { tcpPeer } from './peer.js';

/** A real socket that never connects, as with a firewall that drops packets. */
function hanging(): { connection: Socket; begin: () => Socket } {
  const connection = new Socket();
  return { connection, begin: () => connection };
}

const address = 'tcp://192.0.2.1:4000';
const target = { host: '192.0.2.1', port: 4000 };
const silent = { onData: () => {}, onClose: () => {} };
const notReached = (): never => {
  throw new Error('connected');
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a connection that fails', () => {
  it('ends with timeout when its time is over, and not before', async () => {
    const { connection, begin } = hanging();
    const outcome = vi.fn();
    const connecting = connectSocket(address, target, { connectTimeoutMs: 3000, begin }, notReached).catch(outcome);
    vi.advanceTimersByTime(2999);
    await Promise.resolve();
    expect(outcome).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await connecting;
    const [[error]] = outcome.mock.calls as [[{ code: string; message: string }]];
    expect(error.code).toBe('timeout');
    expect(error.message).toContain(`${address} does not answer`);
    expect(error.message).toContain('3000 ms');
    expect(connection.destroyed).toBe(true);
  });

  it('ends with the reason of its signal, and leaves no timer and no listener', async () => {
    const { connection, begin } = hanging();
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const connecting = connectSocket(
      address,
      target,
      { connectTimeoutMs: 3000, signal: controller.signal, begin },
      notReached,
    );
    const reason = new Error('the customer left');
    controller.abort(reason);
    await expect(connecting).rejects.toBe(reason);
    expect(connection.destroyed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  it('ignores errors that come after it has failed', async () => {
    const { connection, begin } = hanging();
    const connecting = connectSocket(address, target, { connectTimeoutMs: 3000, begin }, notReached);
    connection.emit('error', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    connection.emit('error', new Error('a late one'));
    await expect(connecting).rejects.toMatchObject({ code: 'not-found' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not start if the signal is already aborted', async () => {
    const begin = vi.fn();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(connectSocket(address, target, { connectTimeoutMs: 3000, signal, begin }, notReached)).rejects.toBe(
      signal.reason,
    );
    expect(begin).not.toHaveBeenCalled();
  });
});

it('small frames are sent without delay, and not collected', async () => {
  const begin = vi.spyOn(net, 'connect');
  const error = await socket('unix:/nowhere/device').open({ id: 'unix:/nowhere/device' }, silent).catch(String);
  expect(error).toContain('nothing listens');
  expect(begin).toHaveBeenCalledWith(expect.objectContaining({ noDelay: true }));
  begin.mockRestore();
});

it('a successful connection leaves no timer', async () => {
  const peer = await tcpPeer();
  const [device] = await peer.transport.list();
  const channel = await peer.transport.open(device!, silent);
  expect(vi.getTimerCount()).toBe(0);
  await channel.close();
  await peer.dispose();
});
