// npm run bench -- --kernel, or `npm run lab -- node lab/suite/speed.mjs HID`: what the SDK adds to the time of a bare write and
// read with the same library, as one line of JSON, of which bench/src/kernel.ts makes a table. In each round both have the
// device for themselves, one after the other, so that drift hits both.
import { connect } from '@bluetap/sdk';
import { openBare } from './bare.mjs';
import { stopMonitoring } from './kernel.mjs';
import { devices } from './the-devices.mjs';
import { transports } from './transports.mjs';

const ROUNDS = Number(process.env['BLUETAP_SPEED_ROUNDS'] || 12);
const EACH = 50;
/** The first ones after opening wait for what the system does then. */
const WARM = 5;
/** Rounds that are not counted, while V8 finds out what to optimize: it is the same program for both sides. */
const WARM_ROUNDS = Number(process.env['BLUETAP_SPEED_WARM_ROUNDS'] || 20);
const device = 'KERNEL-1';

/**
 * @param {number} times @param {(at: number) => Promise<void>} pay
 * @returns {Promise<number[]>} of each, in milliseconds
 */
async function measure(times, pay) {
  const taken = [];
  for (let at = -WARM; at < times; at++) {
    const start = performance.now();
    await pay(at + WARM);
    if (at >= 0) taken.push(performance.now() - start);
  }
  return taken;
}

/** @param {typeof transports[number]} transport */
async function withSdk({ door, make }) {
  const client = await connect({ transport: make(), device, timeoutMs: 60_000 });
  const before = (await devices.tell(device, 'transfers'))[door];
  const taken = await measure(EACH, async (at) => {
    const { code, error } = await client.pay({ ...order(at), expiryTime: 600 });
    if (code !== 'SUCCESS') throw error;
  });
  const after = (await devices.tell(device, 'transfers'))[door];
  await client.close();
  const commands = EACH + WARM;
  return { taken, out: (after.out - before.out) / commands, in: (after.in - before.in) / commands };
}

/** @param {typeof transports[number]} transport */
async function bare({ name }) {
  const nodes = await devices.plug(device);
  const line = await openBare(name, nodes);
  const frames = await line.greet(Array.from({ length: EACH + WARM }, (_, at) => ({ ...order(at), expiryTime: 600 })));
  const taken = await measure(EACH, (at) => line.exchange(/** @type {Uint8Array} */ (frames[at])));
  await line.close();
  return taken;
}

/** @param {number} at */
function order(at) {
  return /** @type {const} */ ({ paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: `SPEED-${100 + at}` });
}

/** @param {readonly number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
}

await devices.start();
await devices.plug(device);
// What the device tells of each message would have to be read here, in both their times.
await devices.tell(device, 'mute');
const measured = [];
const wanted = process.argv.slice(2);
for (const transport of transports.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  /** @type {{ sdk: number[], bare: number[], ratios: number[], transfers: Set<string> }} */
  const all = { sdk: [], bare: [], ratios: [], transfers: new Set() };
  for (let round = -WARM_ROUNDS; round < ROUNDS; round++) {
    const bareFirst = round % 2 === 0 ? await bare(transport) : undefined;
    const sdk = await withSdk(transport);
    const plain = bareFirst ?? (await bare(transport));
    if (round < 0) continue;
    all.sdk.push(...sdk.taken);
    all.bare.push(...plain);
    all.ratios.push(quantile(sdk.taken, 0.5) / quantile(plain, 0.5));
    all.transfers.add(`${sdk.out} / ${sdk.in}`);
  }
  const summary = (/** @type {readonly number[]} */ taken) => ({
    median: quantile(taken, 0.5),
    p99: quantile(taken, 0.99),
  });
  measured.push({
    name: transport.name,
    bare: summary(all.bare),
    sdk: summary(all.sdk),
    ratio: quantile(all.ratios, 0.5),
    lowest: Math.min(...all.ratios),
    highest: Math.max(...all.ratios),
    transfers: [...all.transfers],
  });
}
console.log(JSON.stringify({ rounds: ROUNDS, each: EACH, measured }));
await devices.stop();
stopMonitoring();
