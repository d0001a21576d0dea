import { Socket } from 'node:net';
import { BlockedClock } from '@bluetap/transport/conformance';
import { describe, expect, it } from 'vitest';
import { connectSocket } from '../src/connect.js';
import { connectError } from '../src/errors.js';
import { socket } from '../src/index.js';
import { tcpPeer } from './peer.js';

const nothing = { onData: () => {}, onClose: () => {} };
const tcp = 'tcp://127.0.0.1:4000';

describe('options (C-4, C-5)', () => {
  it.each([
    [{ timeoutMs: 5 }, 'socket(): timeoutMs is not an option here; these are: connectTimeoutMs, keepAliveMs'],
    [{ connectTimeoutMs: '3000' }, 'socket(): connectTimeoutMs must be a number, but is "3000"'],
    [{ connectTimeoutMs: null }, 'socket(): connectTimeoutMs must be a number, but is null'],
    [{ keepAliveMs: true }, 'socket(): keepAliveMs must be a number, or false, but is true'],
    [{ keepAliveMs: null }, 'socket(): keepAliveMs must be a number, or false, but is null'],
    [null, 'socket(): options must be an object with named options, but is null'],
    [3000, 'socket(): options must be an object with named options, but is 3000'],
  ])('%j is refused, and the message names it', (options, told) => {
    expect(() => socket(tcp, options as never)).toThrow(new TypeError(told));
  });

  it.each([
    [{ connectTimeoutMs: 0 }, 'connectTimeoutMs must be from 1 to 2147483647 milliseconds, not 0'],
    [{ connectTimeoutMs: Number.NaN }, 'connectTimeoutMs must be from 1 to 2147483647 milliseconds, not NaN'],
    [{ keepAliveMs: 0 }, 'keepAliveMs must be from 1 to 2147483647 milliseconds, not 0'],
    [{ keepAliveMs: 3e9 }, 'keepAliveMs must be from 1 to 2147483647 milliseconds, not 3000000000'],
  ])('%j is refused, because a number is out of range', (options, told) => {
    expect(() => socket(tcp, options)).toThrow(new RangeError(told));
  });
});

it.each([
  [tcp, undefined, 15_000],
  [tcp, {}, 15_000],
  [tcp, { keepAliveMs: undefined }, 15_000],
  [tcp, { keepAliveMs: 5000 }, 5000],
  [tcp, { keepAliveMs: false }, undefined],
  ['unix:/tmp/s', undefined, undefined],
  ['unix:/tmp/s', { keepAliveMs: 5000 }, undefined],
] as const)('a channel of %s with %j may be silent for %s ms (C-13)', (address, options, ms) => {
  expect(socket(address, options).keepAliveMs).toBe(ms);
});

it('works with destructured methods and behind a Proxy (C-14)', async () => {
  const peer = await tcpPeer();
  const { list, open } = new Proxy(peer.transport, {});
  const [device] = await list();
  const { write, close } = await open(device!, nothing);
  await write(Uint8Array.of(1, 0));
  await close();
  await peer.dispose();
});

describe('a handler that fails (C-1)', () => {
  const fail = (): never => {
    throw new Error('db locked');
  };

  it.each([
    ['throws', fail],
    ['rejects', async () => fail()],
  ])('in onData and %s ends the channel with an error', async (_, onData) => {
    const peer = await tcpPeer();
    const [device] = await peer.transport.list();
    let tell!: (error: unknown) => void;
    const closed = new Promise((resolve) => (tell = resolve));
    const channel = await peer.transport.open(device!, { onData, onClose: tell });
    await peer.send(Uint8Array.of(1, 2, 3));
    expect(await closed).toMatchObject({ code: 'io', message: expect.stringContaining('db locked') });
    await channel.close();
    await peer.dispose();
  });

  it.each([
    ['throws', fail],
    ['rejects', async () => fail()],
  ])('in onClose and %s does not delay close', async (_, onClose) => {
    const peer = await tcpPeer();
    const [device] = await peer.transport.list();
    const channel = await peer.transport.open(device!, { onData: () => {}, onClose });
    await channel.close();
    await peer.dispose();
  });
});

describe('a program that was blocked while it connected (C-28)', () => {
  const address = 'tcp://192.0.2.1:4000';
  const target = { host: '192.0.2.1', port: 4000 };

  it('gets the connection that came during the block', async () => {
    const clock = new BlockedClock();
    const connection = new Socket();
    const connecting = connectSocket(
      address,
      target,
      { connectTimeoutMs: 3000, clock, begin: () => connection },
      () => 'there',
    );
    clock.block(7000);
    connection.emit('connect');
    expect(await connecting).toBe('there');
    expect(clock.pending).toBe(0);
    connection.destroy();
  });

  it('gets an error that says so if no connection came', async () => {
    const clock = new BlockedClock();
    const connecting = connectSocket(
      address,
      target,
      { connectTimeoutMs: 3000, clock, begin: () => new Socket() },
      () => {},
    );
    clock.block(7000);
    clock.block(100);
    await expect(connecting).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('(waited 3000 ms; this program was blocked for 4000 ms)'),
    });
  });
});

it.each([
  ['EBUSY', 'busy'],
  ['ENODEV', 'disconnected'],
  ['EMFILE', 'io'],
])('%s, which is not an error of a socket, is read like an error of any device (C-26)', (code, told) => {
  const cause = Object.assign(new Error(`connect ${code}\n\u001b[2K`), { code });
  const error = connectError('tcp://a:1', cause);
  expect(error).toMatchObject({ code: told, cause });
  expect(error.message).toBe(`tcp://a:1: connect ${code} \\u001b[2K`);
});

it('a path with control characters cannot control a terminal (C-16)', async () => {
  const address = 'unix:/nowhere/\u001b[2K\nSUCCESS';
  const error = await socket(address)
    .open({ id: address }, nothing)
    .catch((reason: Error) => reason);
  expect((error as Error).message).toMatch(/^nothing listens at unix:\/nowhere\/\\u001b\[2K\\u000aSUCCESS/);
});

it('an address with control characters cannot control a terminal (C-16)', () => {
  expect(() => socket('tcp://a\u009b31m\u202e\n:1')).toThrow(
    'bad address "tcp://a\\u009b31m\\u202e\\n:1": "a\\u009b31m\\u202e\\u000a" is not a host name',
  );
});
