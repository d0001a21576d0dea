// Tests the USB/IP server. Honest and dishonest hosts attach a device, submit any transfers, and disconnect in any way.
// An honest host gets one answer for each of its numbers, and no other answer. A correct host that comes after them is
// served.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Target } from '../fuzzer/fuzzer.js';
import { Random, seedOf } from '../fuzzer/random.js';
import { readStream, stuff, withCrc } from '../fuzzer/reference-frames.js';
import { Emulator, exportUsb } from './compiled-packages.js';
import { UsbipHost } from './usbip-host.js';

/** The time limit of every wait. A busy machine needs much less, so only a failure reaches this limit. */
const WAIT_LIMIT_MS = 20_000;
const DEVICES = 3;

let started: ReturnType<typeof start> | undefined;
let hosts = 0;
let commands = 0;

export const usbip: Target = {
  name: 'usbip',
  batch: 5,
  runs: 300,
  slow: true,
  async run(bytes) {
    started ??= start();
    const { emulators, server, port } = await started;
    const random = new Random(seedOf(bytes));
    const kinds = new Set<string>();
    await Promise.all(
      Array.from({ length: 1 + random.below(6) }, () => anyHost(open(port), bytes, new Random(random.uint32()), kinds)),
    );
    if (random.oneIn(5)) random.pick(emulators).powerCycle();
    const until = performance.now() + WAIT_LIMIT_MS;
    const device = random.below(DEVICES);
    const ep = random.pick([1, 2, 4]);
    let state: Greeting;
    do {
      // No device stays imported after its host has disconnected.
      while (server.devices.some(({ imported }) => imported)) {
        assert.ok(performance.now() < until, 'a device is free after its host has disconnected');
        await new Promise((resolve) => setImmediate(resolve));
      }
      // A host can disconnect before the server reads its request. Then the host still has the device for a short time.
      state = await goodHost(new UsbipHost(open(port), device), ep);
    } while (state === 'busy');
    kinds.add(`state ${state}`);
    return [...kinds];
  },
  note: () => `, ${hosts} hosts, ${commands} commands`,
  async close() {
    const open = await started;
    started = undefined;
    for (const emulator of open?.emulators ?? []) await emulator.close();
  },
};

async function start() {
  const emulators = Array.from({ length: DEVICES }, (_, at) => new Emulator({ serialNumber: `FUZZ-${at}` }));
  const server = await exportUsb(emulators, { tcp: '127.0.0.1:0' });
  return { emulators, server, port: Number(server.address.split(':').at(-1)) };
}

function open(port: number): Socket {
  hosts++;
  // The server may close a connection of such a host.
  return connect(port, '127.0.0.1').on('error', () => {});
}

/** Control requests that the device knows, and similar requests. */
const SETUPS = [
  [0x80, 6, 0, 1, 0, 0, 64, 0],
  [0x80, 6, 0, 2, 0, 0, 255, 0],
  [0x80, 6, 3, 3, 9, 4, 255, 0],
  [0x80, 6, 0, 15, 0, 0, 255, 0],
  [0x81, 6, 0, 0x22, 0, 0, 25, 0],
  [0xc0, 0x20, 0, 0, 7, 0, 178, 0],
  [0x00, 9, 1, 0, 0, 0, 0, 0],
  [0x00, 9, 0, 0, 0, 0, 0, 0],
  [0x02, 3, 0, 0, 0x82, 0, 0, 0],
  [0x02, 1, 0, 0, 0x82, 0, 0, 0],
  [0x01, 11, 0, 0, 1, 0, 0, 0],
  [0x21, 0x22, 1, 0, 2, 0, 0, 0],
  [0x21, 0x22, 0, 0, 2, 0, 0, 0],
  [0xa1, 1, 0, 1, 0, 0, 64, 0],
  [0xa1, 0x21, 0, 0, 2, 0, 7, 0],
  [0x21, 9, 0, 2, 0, 0, 64, 0],
];

function anyCommand(host: UsbipHost, bytes: Uint8Array, random: Random): Buffer {
  const piece = () => bytes.subarray(random.below(bytes.length + 1)).subarray(0, 1 + random.below(200));
  const ep = random.oneIn(8) ? random.below(32) : random.pick([1, 2, 2, 3, 4]);
  switch (random.below(6)) {
    case 0: {
      const setup = Uint8Array.from(random.pick(SETUPS));
      if (random.oneIn(4)) setup[random.below(8)] = random.below(256);
      const length = (setup[6] ?? 0) | ((setup[7] ?? 0) << 8);
      const data = new Uint8Array(length);
      data.set(piece().subarray(0, length));
      return host.submit(0, length, (setup[0] ?? 0) & 0x80 ? undefined : data, setup);
    }
    case 1:
    case 2:
      return host.submit(ep, random.pick([64, 64, 128, 4096, random.below(100)]), undefined);
    case 3:
    case 4:
      return host.submit(ep, 0, piece());
    default:
      // One of its own transfers. Sometimes the host has not sent this transfer yet.
      return host.unlink(Math.max(1, host.seqnum + random.pick([0, -1, -2, -5, 2])));
  }
}

async function anyHost(socket: Socket, bytes: Uint8Array, random: Random, kinds: Set<string>): Promise<void> {
  const lists = random.oneIn(20);
  const honest = !lists && !random.oneIn(3);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const host = new UsbipHost(socket, random.below(DEVICES), (kind) => kinds.add(kind));
  const pieces = [lists ? Buffer.from('0111800500000000', 'hex') : host.importRequest()];
  if (!random.oneIn(10)) pieces.push(host.submit(0, 0, new Uint8Array(), [0, 9, 1, 0, 0, 0, 0, 0]));
  for (let count = random.below(random.oneIn(10) ? 300 : 30); count > 0; count--) {
    pieces.push(anyCommand(host, bytes, random));
    if (!honest && random.oneIn(20)) pieces.push(Buffer.from(bytes.subarray(0, random.below(bytes.length + 1))));
  }
  commands += host.seqnum;
  const stream = Buffer.concat(pieces);
  if (!honest) {
    for (let times = 1 + random.below(3); times > 0; times--) stream[random.below(stream.length)] = random.below(256);
    // There is no rule for the answers to a dishonest host.
    socket.removeAllListeners('data');
    if (random.oneIn(2)) socket.resume();
    else socket.pause();
  }
  const end = random.oneIn(4) ? random.below(stream.length) : stream.length;
  for (let at = 0; at < end && !socket.destroyed; ) {
    const next = Math.min(end, at + 1 + random.below(random.oneIn(3) ? 5 : 2000));
    socket.write(stream.subarray(at, next));
    at = next;
    if (random.oneIn(3)) await new Promise((resolve) => setImmediate(resolve));
  }
  const leave = random.below(4);
  if (leave === 0) socket.destroy();
  else if (leave === 1) socket.resetAndDestroy();
  else {
    socket.resume();
    socket.end();
  }
  await closed;
  if (honest && host.error) throw host.error;
}

/** The state in the answer to HELLO, or 'busy' if another host has the device. */
type Greeting = number | 'busy' | undefined;

/** Attaches a device, and sends HELLO through an endpoint. */
async function goodHost(host: UsbipHost, ep: number): Promise<Greeting> {
  const { socket } = host;
  const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
  const received: number[] = [];
  let busy = false;
  host.onAnswer = (kind, data) => {
    if (kind === 'import 2') busy = true;
    if (kind === `in ${ep} 0`) received.push(...data);
  };
  const frame = Uint8Array.from([0, ...stuff(withCrc([1, 1, 0, 0, 0, 0x20, 4, 1, 2, 3, 4])), 0]);
  const data = new Uint8Array(ep === 1 ? 64 : frame.length);
  data.set(frame);
  socket.write(host.importRequest());
  socket.write(host.submit(0, 0, new Uint8Array(), [0, 9, 1, 0, 0, 0, 0, 0]));
  for (let count = 0; count < 3; count++) socket.write(host.submit(ep, 64, undefined));
  socket.write(host.submit(ep, 0, data));
  commands += host.seqnum;
  for (;;) {
    await once(socket, 'data', { signal });
    if (host.error) throw host.error;
    if (busy) {
      socket.destroy();
      return 'busy';
    }
    const [hello] = readStream(Uint8Array.from(received)).filter((each) => typeof each !== 'string');
    if (!hello) continue;
    assert.deepEqual(hello.slice(5, 8), [0x10, 1, 0], 'the answer to a correct HELLO is SUCCESS');
    const closed = once(socket, 'close');
    socket.end();
    await closed;
    return hello[10];
  }
}
