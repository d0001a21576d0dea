// npm run bench -- --kernel, or `npm run lab -- node lab/suite/dist/sdk-overhead.js HID`: measures the time that the
// SDK adds to a bare write and read with the same library. It prints one line of JSON, and bench/src/kernel.ts makes a
// table of this line. In each round, each side uses the device alone, one after another, so that a drift of the machine
// affects all sides.
import type { PayCommand } from '@bluetap/protocol';
import { connect } from '@bluetap/sdk';
import { openBare } from './bare-session.js';
import { devices } from './device-controller.js';
import { stopMonitoring } from './kernel-devices.js';
import { type TransportUnderTest, transports } from './transports.js';

const ROUNDS = Number(process.env['BLUETAP_SPEED_ROUNDS'] || 24);
const EACH = 50;
/** The first payments after the opening are not measured, because the system does other work then. */
const WARM = 5;
/** The rounds that are not counted, because V8 optimizes the program during them. All sides are in the same program. */
const WARM_ROUNDS = Number(process.env['BLUETAP_SPEED_WARM_ROUNDS'] || 40);
const device = 'KERNEL-1';

/** The commands that a POS has ready before it pays. The bare side has their frames ready. */
const orders: readonly PayCommand[] = Array.from({ length: EACH + WARM }, (_, at) => ({
  paymentMethod: 'TRUEMONEY',
  amount: '120.00',
  orderId: `SPEED-${100 + at}`,
  expiryTime: 600,
}));

/** Returns the time of each payment, in milliseconds. */
async function measure(times: number, pay: (at: number) => Promise<void>): Promise<number[]> {
  const taken: number[] = [];
  for (let at = -WARM; at < times; at++) {
    const start = performance.now();
    await pay(at + WARM);
    if (at >= 0) taken.push(performance.now() - start);
  }
  return taken;
}

async function withSdk({ functionName, make }: TransportUnderTest, transfers: Set<string>): Promise<number[]> {
  const client = await connect({ transport: make(), device, timeoutMs: 60_000 });
  const before = (await devices.tell(device, 'transfers'))[functionName];
  const taken = await measure(EACH, async (at) => {
    const { code, error } = await client.pay(orders[at]!);
    if (code !== 'SUCCESS') throw error;
  });
  const after = (await devices.tell(device, 'transfers'))[functionName];
  await client.close();
  transfers.add(`${(after.out - before.out) / orders.length} / ${(after.in - before.in) / orders.length}`);
  return taken;
}

async function bare({ name }: TransportUnderTest): Promise<number[]> {
  const line = await openBare(name, await devices.plug(device));
  const frames = line.framesOf(orders);
  const taken = await measure(EACH, (at) => line.exchange(frames[at]!));
  await line.close();
  return taken;
}

/** Measures a program without the SDK that only makes its frames and reads the replies. */
async function framed({ name }: TransportUnderTest): Promise<number[]> {
  const line = await openBare(name, await devices.plug(device));
  const taken = await measure(EACH, (at) => line.pay(orders[at]!, at));
  await line.close();
  return taken;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

await devices.start();
await devices.plug(device);
// Without `mute`, this process would read the events of the device during the measured time.
await devices.tell(device, 'mute');
const measured = [];
const wanted = process.argv.slice(2);
for (const transport of transports.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  /** "out / in" for one PayCommand: each value that a round had. */
  const transfers = new Set<string>();
  const sides = { bare, framed, sdk: withSdk };
  const names = Object.keys(sides) as (keyof typeof sides)[];
  /** For each side: every time, and for each round the ratio of its median to the median of the bare side. */
  const all = Object.fromEntries(names.map((name) => [name, { taken: [] as number[], ratios: [] as number[] }]));
  for (let round = -WARM_ROUNDS; round < ROUNDS; round++) {
    const taken: Record<string, number[]> = {};
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(WARM_ROUNDS + round + turn) % names.length]!;
      taken[name] = await sides[name](transport, transfers);
    }
    if (round < 0) continue;
    for (const name of names) {
      all[name]?.taken.push(...(taken[name] ?? []));
      all[name]?.ratios.push(quantile(taken[name] ?? [], 0.5) / quantile(taken['bare'] ?? [], 0.5));
    }
  }
  const summary = (name: string) => {
    const { taken = [], ratios = [] } = all[name] ?? {};
    return {
      median: quantile(taken, 0.5),
      p99: quantile(taken, 0.99),
      ratio: quantile(ratios, 0.5),
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
    };
  };
  measured.push({
    name: transport.name,
    bare: summary('bare'),
    framed: summary('framed'),
    sdk: summary('sdk'),
    transfers: [...transfers],
  });
}
console.log(JSON.stringify({ rounds: ROUNDS, each: EACH, measured }));
await devices.stop();
stopMonitoring();
