// Tests the sockets of the emulator. Many hosts at the same time send wrong bytes in any pieces, and disconnect in any
// way. A correct host that comes after them is served.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../fuzzer/fuzzer.js';
import { mutate } from '../fuzzer/mutate.js';
import { Random, seedOf } from '../fuzzer/random.js';
import { readStream, stuff, withCrc } from '../fuzzer/reference-frames.js';
import { Emulator, listen } from './compiled-packages.js';

/** The time limit of a correct host. A busy machine needs much less, so only a failure reaches this limit. */
const WAIT_LIMIT_MS = 20_000;

let started: ReturnType<typeof start> | undefined;
let connections = 0;

export const sockets: Target = {
  name: 'sockets',
  batch: 5,
  runs: 200,
  slow: true,
  async run(bytes) {
    started ??= start();
    const { emulator, connected, addresses } = await started;
    const random = new Random(seedOf(bytes));
    // Sometimes more than 64 hosts, which is the maximum of a listener.
    const hosts = random.oneIn(40) ? 150 : 1 + random.below(10);
    connections += hosts + 1;
    await Promise.all(
      Array.from({ length: hosts }, () => {
        const stream = random.oneIn(3) ? bytes : mutate(bytes, [bytes], random);
        return badHost(open(random.pick(addresses)), stream, new Random(random.uint32()));
      }),
    );
    emulator.tap();
    if (random.oneIn(10)) emulator.powerCycle();
    const state = await goodHost(open(random.pick(addresses)), random.uint32());
    // No connection stays open after its host.
    while (connected.open > 0) await once(connected, 'event', { signal: AbortSignal.timeout(WAIT_LIMIT_MS) });
    return [`state ${state}`];
  },
  note: () => `, ${connections} connections`,
  async close() {
    const open = await started;
    started = undefined;
    await open?.emulator.close();
    if (open) rmSync(open.folder, { recursive: true });
  },
};

/** Starts one device that listens on both kinds of socket. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'bluetap-fuzz-'));
  const connected = Object.assign(new EventEmitter(), { open: 0 });
  const emulator = new Emulator({
    onEvent: ({ event }) => {
      if (event === 'connected') connected.open++;
      if (event === 'disconnected') connected.open--;
      connected.emit('event');
    },
  });
  const tcp = await listen(emulator, { tcp: '127.0.0.1:0' });
  const unix = await listen(emulator, { unix: join(folder, 'device') });
  return { emulator, connected, folder, addresses: [tcp.address, unix.address] };
}

function open(address: string): Socket {
  const tcp = /^tcp:\/\/(.*):(\d+)$/.exec(address);
  const socket = tcp ? connect(Number(tcp[2]), tcp[1]) : connect(address.replace(/^unix:/, ''));
  // The listener may close a connection of such a host.
  return socket.on('error', () => {});
}

async function badHost(socket: Socket, bytes: Uint8Array, random: Random): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  if (!random.oneIn(3)) socket.resume();
  // Sometimes enough requests to fill every buffer, if the host does not read the answers.
  const flood = random.oneIn(200) ? 2000 : 1;
  for (let times = 0; times < flood; times++) {
    for (let at = 0; at < bytes.length && !socket.destroyed; ) {
      const end = at + 1 + random.below(random.oneIn(3) ? 3 : 300);
      socket.write(bytes.subarray(at, end));
      at = end;
      if (random.oneIn(3)) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const leave = random.below(4);
  if (leave === 0) socket.destroy();
  else if (leave === 1 && socket.remoteFamily) socket.resetAndDestroy();
  else {
    // The host now reads the rest, so it receives the end of the connection, and then the socket closes.
    socket.resume();
    socket.end();
  }
  await closed;
}

/** Returns the state in the answer to HELLO. */
async function goodHost(socket: Socket, nonce: number): Promise<number | undefined> {
  const received: number[] = [];
  socket.on('data', (bytes) => received.push(...bytes));
  const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
  const ask = async (type: number, content: number[]): Promise<number[]> => {
    socket.write(Uint8Array.from([0, ...stuff(withCrc([1, type, ...content])), 0]));
    for (;;) {
      await once(socket, 'data', { signal });
      const answers = readStream(Uint8Array.from(received)).filter((each) => typeof each !== 'string');
      const answer = answers.find((each) => each[1] === (type | 0x80));
      if (answer) return answer;
    }
  };
  const nonceBytes = [nonce & 0xff, (nonce >>> 8) & 0xff, (nonce >>> 16) & 0xff, nonce >>> 24];
  const hello = await ask(1, [0, 0, 0, 0x20, 4, ...nonceBytes]);
  assert.deepEqual(hello.slice(5, 8), [0x10, 1, 0], 'the answer to a correct HELLO is SUCCESS');
  const pay = await ask(2, [hello[2] ?? 0, hello[3] ?? 0, 1, 1, 8, ...Buffer.from('SEVEN_11')]);
  assert.deepEqual(pay.slice(5, 11), [0x10, 1, 0, 0x12, 1, 1], 'the answer to a PAY is SUCCESS with the state ready');
  const closed = once(socket, 'close');
  socket.end();
  await closed;
  return hello[10];
}
