import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutAfter, Emulator, VirtualClock } from '@bluetap/emulator';
import { type Listener, listen } from '@bluetap/emulator/node';
import { encodeMessage, Reason } from '@bluetap/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../../src/listeners/start-server.js';
import { SocketHost } from '../socket-host.js';
import { activeResources, settled, Watcher } from '../watcher.js';

let directory: string;
let path: string;
let clock: VirtualClock;
let watcher: Watcher;
let emulator: Emulator;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bluetap-'));
  path = join(directory, 'listener');
  clock = new VirtualClock();
  watcher = new Watcher();
  emulator = new Emulator({ clock, onEvent: watcher.onEvent });
});

/** After any test, closing the emulator leaves no server, socket, timer or file. */
afterEach(async () => {
  await emulator.close();
  expect(clock.pending).toBe(0);
  expect(existsSync(path)).toBe(false);
  rmSync(directory, { recursive: true });
  await settled(() => activeResources(/^(TCP|Pipe)Server/) === 0);
});

const HELLO = encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 });
const status = (session: number, sequence: number) => ({ type: 'STATUS', session, sequence }) as const;
const pay = (session: number, sequence: number) =>
  ({ type: 'PAY', session, sequence, paymentMethod: 'TRUEMONEY' }) as const;

const ipv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe.each([
  ['tcp', () => listen(emulator, { tcp: '127.0.0.1:0' }), /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/],
  ['tcp with a port alone', () => listen(emulator, { tcp: '0' }), /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/],
  ...(ipv6 ? [['tcp by IPv6', () => listen(emulator, { tcp: '[::1]:0' }), /^tcp:\/\/\[::1\]:[1-9]\d*$/] as const] : []),
  ['unix', () => listen(emulator, { unix: path }), /^unix:\/.*\/listener$/],
] as const)('%s', (_, open, address) => {
  let listener: Listener;
  beforeEach(async () => {
    listener = await open();
    expect(listener.address).toMatch(address);
  });

  test('a host pays and receives a tap', async () => {
    const host = new SocketHost(listener.address);
    const session = await host.hello();
    expect(await host.say(pay(session, 1))).toMatchObject({ result: 'SUCCESS', remaining: 900 });
    emulator.tap();
    expect(await host.next()).toMatchObject({ type: 'LINK', taps: 1 });
  });

  test('two hosts: the later host has the session, and the session ends when that host closes', async () => {
    const first = new SocketHost(listener.address);
    const one = await first.hello();
    const second = new SocketHost(listener.address);
    const two = await second.hello();
    expect(await first.say(status(one, 1))).toMatchObject({ reason: Reason.NO_SUCH_SESSION });
    expect(await second.say(pay(two, 1))).toMatchObject({ result: 'SUCCESS' });
    second.socket.end();
    await watcher.next('disconnected');
    emulator.tap();
    expect(await first.say(status(two, 2))).toMatchObject({ reason: Reason.NO_SUCH_SESSION, state: 'ready' });
  });

  test('the device drops garbage and nothing else', async () => {
    const host = new SocketHost(listener.address);
    host.socket.write(Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31) % 255 || 7));
    host.socket.write(HELLO);
    expect(await host.next()).toMatchObject({ type: 'HELLO_REPLY', result: 'SUCCESS' });
    expect(watcher.events.filter(({ event }) => event === 'dropped')).toMatchObject([{ code: 'oversize' }]);
  });

  test('half a frame and then silence: the device drops it and does not execute it', async () => {
    const host = new SocketHost(listener.address);
    const session = await host.hello();
    const half = encodeMessage(pay(session, 2)).subarray(0, -1);
    host.socket.write(Buffer.concat([encodeMessage(status(session, 1)), half]));
    await host.next();
    await clock.advance(1000);
    host.socket.write(Uint8Array.of(0));
    expect(await watcher.next('dropped')).toMatchObject({ code: 'incomplete' });
    expect(emulator.snapshot.state).toBe('idle');
  });

  test('a client that resets in the middle of a frame, or sends nothing, leaves no state', async () => {
    const mute = new SocketHost(listener.address);
    const host = new SocketHost(listener.address);
    await host.hello();
    host.socket.write(HELLO.subarray(0, 9));
    if (listener.address.startsWith('tcp')) host.socket.resetAndDestroy();
    else host.socket.destroy();
    await watcher.next('disconnected');
    mute.socket.destroy();
    await watcher.next('disconnected');
    expect(await new SocketHost(listener.address).hello()).toBeGreaterThan(0);
  });

  test('an unplug closes every connection; until the plug no host can connect', async () => {
    const hosts = [new SocketHost(listener.address), new SocketHost(listener.address)];
    for (const host of hosts) await host.hello();
    emulator.unplug();
    await Promise.all(hosts.map(({ closed }) => closed));
    const early = new SocketHost(listener.address);
    early.socket.write(HELLO);
    await early.closed;
    expect(early.messages).toEqual([]);
    emulator.plug();
    expect(await new SocketHost(listener.address).hello()).toBeGreaterThan(0);
  });

  test('a device that is unplugged in the middle of a reply has sent the first part', async () => {
    const host = new SocketHost(listener.address);
    const chunks: Uint8Array[] = [];
    host.socket.on('data', (chunk) => chunks.push(chunk));
    emulator.use(cutAfter(5));
    host.socket.write(HELLO);
    await host.closed;
    expect(Buffer.concat(chunks)).toHaveLength(5);
  });

  test('close closes the connections and frees the address', async () => {
    const host = new SocketHost(listener.address);
    await host.hello();
    await Promise.all([listener.close(), listener.close()]);
    await host.closed;
    const again = await listen(
      emulator,
      'unix:' === listener.address.slice(0, 5) ? { unix: path } : { tcp: listener.address.slice(6) },
    );
    expect(again.address).toBe(listener.address);
  });
});

// This uses the unix socket, because its buffers are small. Loopback TCP takes megabytes before it blocks, and the code
// is the same.
test('if a client floods and does not read, the device does not read from it', async () => {
  let executed = 0;
  let congested = 0;
  await emulator.close();
  emulator = new Emulator({ clock, onEvent: ({ event }) => event === 'dropped' && congested++ });
  emulator.use({
    name: 'count',
    onFrame: (frame, next) => {
      executed++;
      next(frame);
    },
  });
  const host = new SocketHost((await listen(emulator, { unix: path })).address);
  const session = await host.hello();
  await host.say({ ...pay(session, 1), paymentMethod: 'ALIPAY_PLUS', amount: '99999.99', orderId: 'ABCDEFGHIJKLMNOP' });
  host.socket.pause();
  const flood = Buffer.concat(Array.from({ length: 1000 }, () => encodeMessage(status(session, 2))));
  let sent = 2;
  // All buffers on the way fill up, until no more bytes move.
  for (let still = 0, before = 0; still < 50; before = executed) {
    if (!host.socket.writableNeedDrain) {
      host.socket.write(flood);
      sent += 1000;
    }
    await new Promise(setImmediate);
    still = executed === before && host.socket.writableNeedDrain ? still + 1 : 0;
  }
  expect(executed).toBeLessThan(sent);
  expect(congested).toBe(0);
  emulator.tap();
  expect(congested).toBe(1);

  host.received = 0;
  host.socket.resume();
  const last = await host.say(status(session, 3)).then(async (first) => {
    let message = first;
    while (message.sequence !== 3) message = await host.next();
    return message;
  });
  expect(last).toMatchObject({ type: 'STATUS_REPLY', taps: 1 });
  expect(executed).toBe(sent + 1);
  expect(host.received).toBe(sent + 1 - 2);
  emulator.tap();
  // The dropped LINK left a gap in the sequence.
  expect(await host.next()).toMatchObject({ type: 'LINK', sequence: 2, taps: 2 });
});

describe('64 hosts are connected', () => {
  let listener: Listener;
  let hosts: SocketHost[];
  beforeEach(async () => {
    listener = await listen(emulator, { unix: path });
    hosts = [];
    for (let count = 0; count < 64; count++) hosts.push(await connected());
  });

  async function connected(): Promise<SocketHost> {
    const host = new SocketHost(listener.address);
    await watcher.next('connected');
    return host;
  }

  test('the oldest one that never sent a whole frame makes room for the next (C-17)', async () => {
    expect(await hosts[0]!.hello()).toBeGreaterThan(0);
    hosts[1]!.socket.write(HELLO.subarray(0, 5));
    expect(await (await connected()).hello()).toBeGreaterThan(0);
    await hosts[1]!.closed;
    expect(await hosts[2]!.hello()).toBeGreaterThan(0);
    expect(await hosts[0]!.hello()).toBeGreaterThan(0);
  });

  test('if all of them have spoken, the next connection is closed', async () => {
    for (const host of hosts) expect(await host.hello()).toBeGreaterThan(0);
    await new SocketHost(listener.address).closed;
    expect(await hosts[0]!.hello()).toBeGreaterThan(0);
    hosts[1]!.socket.end();
    await watcher.next('disconnected');
    expect(await (await connected()).hello()).toBeGreaterThan(0);
  });
});

describe('an address that cannot be used', () => {
  test.each(['', 'x', '1:2:3', '127.0.0.1:', '127.0.0.1:65536', '127.0.0.1:-1', ':1e3', '[::1:0', 'http://h:1'])(
    'tcp "%s" is not an address',
    async (tcp) => {
      await expect(listen(emulator, { tcp })).rejects.toThrow(RangeError);
    },
  );

  test.each(['', 'x'.repeat(108), 'a\0b'])('unix "%s" is not a path', async (unix) => {
    await expect(listen(emulator, { unix })).rejects.toThrow(RangeError);
  });

  test('a port that is in use', async () => {
    const listener = await listen(emulator, { tcp: '127.0.0.1:0' });
    await expect(listen(emulator, { tcp: listener.address.slice(6) })).rejects.toMatchObject({
      name: 'TransportError',
      code: 'busy',
      message: expect.stringContaining(`${listener.address}: the address is in use`),
    });
  });

  test('an address of another machine, and a directory that does not exist', async () => {
    await expect(listen(emulator, { tcp: '192.0.2.1:0' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(listen(emulator, { unix: join(directory, 'no', 'listener') })).rejects.toMatchObject({
      name: 'TransportError',
      message: expect.stringContaining('the directory does not exist'),
    });
  });

  // The user that runs the tests can be root, and root may use every port.
  test.each([
    [{ host: '127.0.0.1', port: 80 }, 'a port below 1024 needs root'],
    [{ host: '127.0.0.1', port: 4000 }, 'the system reserves this port'],
    [{ path: '/nowhere/listener' }, 'or the directory does not exist'],
  ])('not permitted: %j', async (options, text) => {
    const server = createServer();
    server.listen = () => {
      server.emit('error', Object.assign(new Error('listen EACCES'), { code: 'EACCES' }));
      return server;
    };
    await expect(startServer(server, options, 'it')).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringMatching(`^cannot listen on it: not permitted.*${text}`),
    });
  });

  test('an emulator that was closed has no listeners', async () => {
    await emulator.close();
    await expect(listen(emulator, { unix: path })).rejects.toThrow('was closed');
  });
});

describe('a file where the unix socket should be', () => {
  test('left behind by a killed process: replaced', async () => {
    const code = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
    await once(spawn(process.execPath, ['-e', code, path]), 'exit');
    expect(existsSync(path)).toBe(true);
    const listener = await listen(emulator, { unix: path });
    expect(await new SocketHost(listener.address).hello()).toBeGreaterThan(0);
  });

  test('of a listening process: in use, and not replaced', async () => {
    const listener = await listen(emulator, { unix: path });
    await expect(listen(emulator, { unix: path })).rejects.toMatchObject({
      code: 'busy',
      message: `${path} is in use by another process: end that process, or choose another path`,
    });
    expect(await new SocketHost(listener.address).hello()).toBeGreaterThan(0);
  });

  test('another kind of file: not replaced', async () => {
    writeFileSync(path, 'precious');
    await expect(listen(emulator, { unix: path })).rejects.toMatchObject({ code: 'busy' });
    expect(readFileSync(path, 'utf8')).toBe('precious');
    rmSync(path);
  });
});
