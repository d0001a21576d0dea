import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ChannelHandlers, DeviceInfo, Transport, TransportError } from '@bluetap/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socket } from '../src/index.js';
import { type Peer, tcpPeer, unixPeer } from './peer.js';

const silent: ChannelHandlers = { onData: () => {}, onClose: () => {} };

async function deviceOf(transport: Transport): Promise<DeviceInfo> {
  const [device] = await transport.list();
  if (!device) throw new Error('the list is empty');
  return device;
}

async function openFails(transport: Transport): Promise<TransportError> {
  const error = await transport.open(await deviceOf(transport), silent).then(
    () => new Error('open resolved'),
    (reason: TransportError) => reason,
  );
  return error as TransportError;
}

describe('list', () => {
  it('returns the one TCP address, and does not connect', async () => {
    const peer = await tcpPeer();
    expect(peer.transport.name).toBe(peer.address);
    expect(await peer.transport.list()).toEqual([{ id: peer.address, path: peer.address, interface: 'TCP' }]);
    await peer.dispose();
    expect(peer.accepted).toBe(0);
  });

  it('returns a unix socket that does not exist, because only open can know', async () => {
    const address = 'unix:/nowhere/bluetap.sock';
    expect(await socket(address).list()).toEqual([{ id: address, path: address, interface: 'unix socket' }]);
  });
});

describe('open says what is wrong', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bluetap-socket-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('if nothing listens on the port', async () => {
    const peer = await tcpPeer();
    await peer.dispose();
    const error = await openFails(peer.transport);
    expect(error.code).toBe('not-found');
    expect(error.message).toBe(
      `nothing listens at ${peer.address}: start a device there with \`bluetap emulate --tcp ${peer.address.slice(6)}\`, or check the address`,
    );
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('if the unix socket does not exist', async () => {
    const error = await openFails(socket(`unix:${folder}/none`));
    expect(error).toMatchObject({ code: 'not-found', cause: { code: 'ENOENT' } });
    expect(error.message).toContain(`bluetap emulate --unix ${folder}/none`);
  });

  it('if the path is a plain file instead of a unix socket', async () => {
    await writeFile(join(folder, 'plain'), 'not a socket');
    expect(await openFails(socket(`unix:${folder}/plain`))).toMatchObject({ code: 'not-found' });
  });

  it('if a folder in the path is a plain file', async () => {
    await writeFile(join(folder, 'plain'), 'not a folder');
    expect(await openFails(socket(`unix:${folder}/plain/device`))).toMatchObject({ code: 'not-found' });
  });

  it('if the device has another address', async () => {
    const error = await socket('unix:a')
      .open({ id: 'unix:b' }, silent)
      .catch((reason: TransportError) => reason);
    expect(error).toMatchObject({
      code: 'not-found',
      message: 'unix:a is not unix:b: open a device that list() returns',
    });
  });
});

describe.each([
  ['TCP', () => tcpPeer()],
  ['TCP over IPv6', () => tcpPeer(undefined, '::1')],
  ['a unix socket', () => unixPeer()],
])('over %s', (_, makePeer) => {
  let peer: Peer;
  let device: DeviceInfo;

  beforeEach(async () => {
    peer = await makePeer();
    device = await deviceOf(peer.transport);
  });

  afterEach(() => peer.dispose());

  it('a device that sends nothing can be opened, written to and closed', async () => {
    const channel = await peer.transport.open(device, silent);
    await channel.write(Uint8Array.of(1, 2, 3));
    await channel.close();
    await peer.channelsClosed();
    await expect(channel.write(Uint8Array.of(4))).rejects.toThrow(`${peer.address}: the channel is closed`);
  });

  it('a far end that closes ends the channel with disconnected', async () => {
    const ended = new Promise((resolve) => {
      void peer.transport.open(device, { onData: () => {}, onClose: resolve });
    });
    (await peer.connection()).end();
    expect(await ended).toMatchObject({
      code: 'disconnected',
      message: `${peer.address}: the far end closed the connection`,
    });
    await peer.channelsClosed();
  });

  it('a far end that closes ends a write that it will never read', async () => {
    await peer.stall();
    const channel = await peer.transport.open(device, silent);
    const writing = channel.write(new Uint8Array(16 * 1024 * 1024)).catch((reason: TransportError) => reason);
    (await peer.connection()).end();
    expect(await writing).toMatchObject({ code: 'disconnected' });
    await channel.close();
    await peer.resume();
  });

  it('the bytes of an aborted write may be reused, and the original bytes are still sent', async () => {
    await peer.stall();
    const channel = await peer.transport.open(device, silent);
    const controller = new AbortController();
    const bytes = new Uint8Array(16 * 1024 * 1024).fill(1);
    const writing = channel.write(bytes, { signal: controller.signal }).catch((reason: Error) => reason);
    const reason = new Error('the customer left');
    controller.abort(reason);
    expect(await writing).toBe(reason);
    bytes.fill(2);
    const connection = await peer.connection();
    const values = new Set<number>();
    let count = 0;
    const all = new Promise<void>((resolve) => {
      connection.on('data', (chunk) => {
        for (const value of new Set(chunk)) values.add(value);
        count += chunk.length;
        if (count === bytes.length) resolve();
      });
    });
    await peer.resume();
    await all;
    expect([...values]).toEqual([1]);
    await channel.close();
  });

  it('two transports to one address open two channels', async () => {
    const first = await peer.transport.open(device, silent);
    const second = await socket(peer.address).open(device, silent);
    await Promise.all([first.close(), second.close()]);
    await peer.channelsClosed();
    expect(peer.accepted).toBe(2);
  });
});

it('a far end that resets ends the channel with disconnected, and the cause is kept', async () => {
  const peer = await tcpPeer();
  const ended = new Promise<TransportError | undefined>((resolve) => {
    void peer.transport
      .list()
      .then(([device]) => peer.transport.open(device!, { onData: () => {}, onClose: resolve }))
      .then((channel) => channel.write(Uint8Array.of(1)));
  });
  const connection = await peer.connection();
  connection.once('data', () => connection.resetAndDestroy());
  expect(await ended).toMatchObject({ code: 'disconnected', cause: { code: 'ECONNRESET' } });
  await peer.dispose();
});

it('no resource of the system stays open after close', async () => {
  const peer = await tcpPeer();
  const channel = await peer.transport.open(await deviceOf(peer.transport), silent);
  await channel.close();
  await peer.dispose();
  await setImmediate(); // libuv releases a handle at the end of a turn
  await setImmediate();
  expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual([]);
});
