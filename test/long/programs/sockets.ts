// Hosts connect to the sockets of the emulator, send garbage and disconnect. Needs --expose-gc.
// BLUETAP_LONG_CYCLES: the number of hosts. BLUETAP_LONG_SEED: the seed of the bytes that they send.
import { connect as dial, type Socket } from 'node:net';
import { handles, Report, type Sample, sample, setting } from './figures.js';
import { Client, connect, Emulator, encodeMessage, listen, Random, socket } from './packages.js';

const CYCLES = setting('BLUETAP_LONG_CYCLES', 1000);
const SEED = setting('BLUETAP_LONG_SEED', 1);
const SAMPLES = 20;
/**
 * The limits are low enough to find a small leak: 500 hosts are between the middles of the quarters, so 1 KiB for each.
 */
const BOUNDS = { heap: 512 * 1024, external: 512 * 1024 };

const report = new Report(60 + CYCLES / 50);
const random = new Random(SEED);
const before = handles().length;
const seen = { connected: 0, disconnected: 0, message: 0, dropped: 0 };
let onGone = () => {};
const emulator = new Emulator({
  onEvent: ({ event }) => {
    if (event in seen) seen[event as keyof typeof seen]++;
    if (event === 'disconnected') onGone();
  },
});
const tcp = await listen(emulator, { tcp: '127.0.0.1:0' });
const port = Number(new URL(tcp.address).port);

function noise(length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

const hello = () => encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: random.uint32() });
const garbage: Record<string, () => Uint8Array> = {
  nothing: () => Buffer.of(),
  noise: () => noise(1 + random.below(4096)),
  zeros: () => Buffer.alloc(1 + random.below(65_536)),
  'a frame without an end': () => Buffer.concat([Buffer.of(0), noise(3).fill(1), Buffer.alloc(100_000, 0x41)]),
  'half a HELLO': () => hello().subarray(0, 1 + random.below(10)),
  HELLO: hello,
  'many HELLOs, and no reading': () => Buffer.concat(Array.from({ length: 500 }, hello)),
};
const leaving: Record<string, (socket: Socket) => void> = {
  'ends politely': (socket) => void socket.end(),
  destroys: (socket) => void socket.destroy(),
  resets: (socket) => void socket.resetAndDestroy(),
};
const counts: Record<string, number> = {};

/** Runs one host, from its first packet to its last packet. */
function visit(): Promise<void> {
  const [what, bytes] = random.pick(Object.entries(garbage));
  const [how, leave] = random.pick(Object.entries(leaving));
  const early = random.chance(0.1);
  for (const name of [what, how, ...(early ? ['leaves before it was let in'] : [])]) {
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return new Promise((resolve) => {
    const socket = dial({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    if (!what.includes('no reading')) socket.resume();
    if (early) leave(socket);
    else socket.on('connect', () => socket.write(bytes(), () => leave(socket)));
    // A host that does not read would never see the end of the connection. So it reads after its own end.
    if (how === 'ends politely') socket.on('finish', () => socket.resume());
  });
}

/**
 * Waits until the emulator has seen that all hosts are disconnected. The emulator accepts connections in order, so the
 * host that sends HELLO now is the last host.
 */
async function quiet(): Promise<void> {
  const client = await connect({ transport: socket(tcp.address), timeoutMs: 10_000 });
  while (seen.connected - seen.disconnected > 1) {
    await new Promise<void>((resolve) => {
      onGone = resolve;
    });
  }
  await client.close();
  while (seen.connected > seen.disconnected) {
    await new Promise<void>((resolve) => {
      onGone = resolve;
    });
  }
}

const samples: Sample[] = [];
const start = performance.now();
let done = 0;
for (let batch = 0; done < CYCLES; batch++) {
  // Sometimes more hosts at the same time than the emulator accepts.
  const size = Math.min(batch % 5 === 4 ? 100 : 10, CYCLES - done);
  await Promise.all(Array.from({ length: size }, visit));
  done += size;
  if (Math.floor((done / CYCLES) * SAMPLES) > samples.length) {
    await quiet();
    samples.push(await sample());
  }
}

const client = new Client({ transport: socket(tcp.address) });
const pay = await client.pay({ paymentMethod: 'TRUEMONEY', orderId: 'AFTER' });
report.check(pay.code === 'SUCCESS', () => `the device does not serve the next host: ${pay.error?.message}`);
await client.close();

report.figure('visits', done);
report.figure('seed', SEED);
for (const [name, count] of Object.entries(counts).sort()) report.figure(name, count);
report.figure('connections that the emulator let in', seen.connected);
report.figure('frames dropped', seen.dropped);
report.figure('messages', seen.message);
report.figure('time', `${((performance.now() - start) / 1000).toFixed(1)} s`);
report.flat(samples, BOUNDS);

await emulator.close();
await report.closed(before);
report.tell();
