import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { activeResources, settled } from '../../watcher.js';
import { DEVID, importBytes, submitBytes, UsbipClient, unlinkBytes } from './usbip-client.js';
import { HELLO, hello, pay, report, World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

/** Makes a header with some changed fields. `changes` has the new values by offset. */
function header(changes: Record<number, number>, data = Buffer.alloc(0)): Buffer {
  const bytes = submitBytes({ ep: 2, data: Buffer.of(), seqnum: 7 });
  for (const [at, value] of Object.entries(changes)) bytes.writeUInt32BE(value, Number(at));
  return Buffer.concat([bytes, data]);
}

describe('bytes that no host sends end the connection, and the device is free again', () => {
  test.each([
    ['4 GB to the device', header({ 24: 0xffffffff })],
    ['one byte more than a transfer may have', header({ 24: (1 << 20) + 1 })],
    ['4 GB from the device', header({ 12: 1, 24: 0xffffffff })],
    ['a third direction', header({ 12: 2 })],
    ['an undefined command', header({ 0: 5 })],
    ['an answer', header({ 0: 3 })],
    ['another operation', Buffer.alloc(48)],
    ['a command to a device that does not exist', header({ 8: 0 })],
    ['an unlink to another device', header({ 0: 2, 8: DEVID + 1 })],
  ])('%s', async (_, bytes) => {
    const client = await UsbipClient.attached(world.address);
    client.submit({ ep: 1, length: 64 });
    client.socket.write(bytes);
    await client.closed;
    expect(client.unread).toBe(0);
    await world.free();
    await hello(await UsbipClient.attached(world.address), 2);
  });

  test('the number of a transfer that already waits', async () => {
    const client = await UsbipClient.attached(world.address);
    const seqnum = client.submit({ ep: 1, length: 64 });
    client.submit({ ep: 2, length: 64, seqnum });
    await client.closed;
  });

  test.each([
    ['another version', Buffer.from('0106800300000000', 'hex')],
    ['another operation', Buffer.from('0111800700000000', 'hex')],
    ['a reply', Buffer.from('0111000500000000', 'hex')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('before the import: %s', async (_, bytes) => {
    const client = new UsbipClient(world.address);
    client.socket.write(bytes);
    await client.closed;
    expect(client.unread).toBe(0);
  });
});

test('meaningless bytes, before an import and after it', { timeout: 60_000 }, async () => {
  const valid = fc.oneof(
    fc.record({ ep: fc.nat(6), length: fc.nat(300) }).map((submit) => submitBytes(submit)),
    fc.record({ ep: fc.nat(6), data: fc.uint8Array({ maxLength: 300 }) }).map((submit) => submitBytes(submit)),
    fc.uint8Array({ minLength: 8, maxLength: 8 }).map((setup) => submitBytes({ ep: 0, setup: [...setup], length: 64 })),
    fc.tuple(fc.nat(9), fc.nat(9)).map(([seqnum, victim]) => unlinkBytes(seqnum, victim)),
  );
  const nonsense = fc.array(fc.oneof({ weight: 5, arbitrary: valid }, fc.uint8Array({ maxLength: 100 })), {
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), nonsense, async (imports, pieces) => {
      const client = new UsbipClient(world.address);
      client.socket.resume();
      if (imports) client.socket.write(importBytes('1-1'));
      // Every command has another number. Otherwise the connection would end at the second command.
      pieces.forEach((piece, at) => {
        const bytes = Buffer.from(piece);
        if (bytes.length >= 48) bytes.writeUInt32BE(at + 1, 4);
        client.socket.write(bytes);
      });
      client.socket.end();
      await client.closed;
      await world.free();
      const good = await UsbipClient.attached(world.address);
      await hello(good, 2);
      await good.leave();
      await world.free();
    }),
    { numRuns: 100 },
  );
});

describe('limits', () => {
  test('a transfer of 1 MiB is accepted, and its noise is dropped', async () => {
    const client = await UsbipClient.attached(world.address);
    client.submit({ ep: 2, data: new Uint8Array(1 << 20).fill(7) });
    expect(await client.next()).toMatchObject({ status: 0, length: 1 << 20 });
    await hello(client, 2);
  });

  test('while the host does not read, up to 1 MiB waits at each endpoint', async () => {
    const client = await UsbipClient.attached(world.address);
    for (let count = 0; count < 64; count++) {
      client.submit({ ep: 2, data: HELLO });
      await client.next();
    }
    const waiting = client.submit({ ep: 2, data: new Uint8Array(600_000) });
    client.submit({ ep: 2, data: new Uint8Array(600_000) });
    expect(await client.next()).toMatchObject({ status: -12, length: 0 });
    client.unlink(waiting);
    expect(await client.next()).toMatchObject({ command: 4, status: -104 });
    // The cancelled transfer makes room.
    const other = client.submit({ ep: 2, data: new Uint8Array(600_000) });
    await client.quiet();
    expect([...client.waiting.keys()]).toEqual([other]);
  });

  test('if more than 64 unlinks came before their transfers, the oldest is answered', async () => {
    const client = await UsbipClient.attached(world.address);
    const ahead = Array.from({ length: 65 }, (_, at) => client.unlink(1000 + at));
    expect(await client.next()).toMatchObject({ command: 4, seqnum: ahead[0], status: 0 });
    await client.quiet();
    // A second unlink of the same transfer: the earlier unlink is answered, because it no longer waits.
    const again = client.unlink(1064);
    expect(await client.next()).toMatchObject({ command: 4, seqnum: ahead[64], status: 0 });
    client.expect(1064, true);
    client.submit({ ep: 1, length: 64, seqnum: 1064 });
    expect(await client.next()).toMatchObject({ command: 4, seqnum: again, status: -104 });
  });

  test('more than 64 hosts without a device: the oldest of them makes room for the next (C-17)', async () => {
    const host = await UsbipClient.attached(world.address);
    const guests = Array.from({ length: 64 }, () => new UsbipClient(world.address));
    await Promise.all(guests.map(({ socket }) => once(socket, 'connect')));
    const next = new UsbipClient(world.address);
    await guests[0]!.closed;
    await hello(host, 1);
    // The device belongs to the first host. The new one gets an answer.
    expect((await next.import('1-1')).status).not.toBe(0);
  });
});

test('if a host sends and does not read, the server does not read from it', { timeout: 30_000 }, async () => {
  const client = await UsbipClient.attached(world.address);
  const { socket } = client;
  socket.pause();
  // Long answers fill one direction, and a long transfer fills the other. A loopback socket takes megabytes in each
  // direction.
  const ask = submitBytes({ ep: 0, setup: [0xc0, 0x20, 0, 0, 7, 0, 0xb2, 0], length: 0xb2, seqnum: 1 });
  const tell = submitBytes({ ep: 2, data: new Uint8Array(65536), seqnum: 2 });
  const unit = Buffer.concat([...new Array<Buffer>(100).fill(ask), tell]);
  const answered = 100 * (48 + 0xb2) + 48;
  const taken = () => world.server.devices[0]!.transfers.bulk.out;
  let sent = 0;
  // All buffers on the way fill up, until no more bytes move.
  for (let still = 0, before = -1; still < 50; before = taken()) {
    if (!socket.writableNeedDrain) {
      socket.write(unit);
      sent++;
    }
    await new Promise(setImmediate);
    still = taken() === before && socket.writableNeedDrain ? still + 1 : 0;
  }
  expect(taken()).toBeLessThan(sent);

  // When the host reads again, every command is answered exactly once.
  const end = client.submit({ ep: 0, setup: [0x80, 8, 0, 0, 0, 0, 1, 0], length: 1 });
  socket.resume();
  await client.bytes(sent * answered);
  expect(await client.next()).toMatchObject({ seqnum: end, status: 0 });
  await client.quiet();
  expect(taken()).toBe(sent);
});

test('a host that disappears in the middle of a transfer, 1000 times, leaves no state', {
  timeout: 60_000,
}, async () => {
  const { events } = world.watcher;
  const count = (wanted: string) => events.filter(({ event }) => event === wanted).length;
  for (let times = 0; times < 1000; times++) {
    const client = await UsbipClient.attached(world.address);
    for (const ep of [1, 2, 3, 4]) client.submit({ ep, length: 64 });
    client.unlink(5000);
    if (times % 2) client.submit({ ep: 1, data: report(HELLO) });
    const half = submitBytes({ ep: 2, data: pay(1, 1), seqnum: 900 });
    client.socket.write(half.subarray(0, 1 + ((times * 7) % (half.length - 1))), () => {
      if (times % 3) client.socket.resetAndDestroy();
      else client.socket.destroy();
    });
    await client.closed;
    await world.free();
  }
  expect(count('connected')).toBe(2000);
  expect(count('disconnected')).toBe(2000);
  expect(world.emulator.snapshot.state).toBe('idle');
  // Only the server itself is left.
  await settled(() => activeResources(/^TCPSocketWrap$/) === 0);
  expect(activeResources(/^TCPServerWrap$/)).toBe(1);
  await hello(await UsbipClient.attached(world.address), 1);
});
