import { Emulator } from '@bluetap/emulator';
import { Client } from '@bluetap/sdk';
import { median } from './side-by-side.js';
import { SECTION, TARGET } from './tables/names.js';
import type { Section } from './tables/table.js';
import { commands } from './workload/commands.js';

const COUNTS = [10, 1000, 20_000] as const;

/** The time limit of the calls that their time limit ends, in milliseconds. */
const WAIT_MS = 200;

/** A transport without a device: every call waits. */
const nowhere = { name: 'nowhere', list: async () => [], open: () => Promise.reject(new Error('there is no device')) };

type Run = (count: number) => Promise<number>;

/** Runs `count` calls that wait. Returns the milliseconds that they took. There is one function for each way to end. */
const WAYS: Readonly<Record<string, Run>> = {
  'served, one after the other': async (count) => {
    const emulator = new Emulator();
    const client = new Client({ transport: emulator.transport() });
    await client.info();
    const took = await timed(() => all(client, count));
    await client.close();
    await emulator.close();
    return took;
  },
  'ended by their time': async (count) => {
    const client = new Client({ transport: nowhere });
    const started = performance.now();
    await all(client, count, { timeoutMs: WAIT_MS });
    const took = performance.now() - started;
    await client.close();
    return Math.max(0, took - WAIT_MS);
  },
  'ended by one signal': async (count) => {
    const client = new Client({ transport: nowhere });
    const controller = new AbortController();
    const calls = all(client, count, { signal: controller.signal });
    const took = await timed(() => {
      controller.abort();
      return calls;
    });
    await client.close();
    return took;
  },
  'ended by close()': async (count) => {
    const client = new Client({ transport: nowhere });
    const calls = all(client, count);
    return timed(() => Promise.all([client.close(), calls]));
  },
};

/**
 * Measures the time of a call while many calls wait. The time of one call must stay the same for any number of calls.
 * close() has a limit of one second.
 */
export async function waiting(rounds: number): Promise<Section> {
  const rows: string[][] = [];
  const targets = [];
  for (const [way, run] of Object.entries(WAYS)) {
    const costs: number[] = [];
    let last = 0;
    for (const count of COUNTS) {
      const took: number[] = [];
      // The first round is not measured.
      for (let round = -1; round < rounds; round++) {
        const ms = await run(count);
        if (round >= 0) took.push(ms);
      }
      last = median(took);
      costs.push((last * 1000) / count);
    }
    rows.push([way, ...costs.map((cost) => `${cost.toFixed(1)} µs`), `${last.toFixed(0)} ms`]);
    targets.push({
      name: TARGET.waiting(way),
      target: 2,
      value: costs[2]! / costs[1]!,
      atMost: true,
    });
    if (way === 'ended by close()') {
      targets.push({
        name: 'close() with 20,000 calls waiting, ms',
        target: 1000,
        value: Math.round(last),
        atMost: true,
      });
    }
  }
  const head = ['', ...COUNTS.map((count) => `one of ${count.toLocaleString('en')}`), 'all 20,000'];
  return { title: SECTION.waiting, tables: [{ head, rows }], targets };
}

function all(client: Client, count: number, options?: { signal?: AbortSignal; timeoutMs?: number }): Promise<unknown> {
  const { paymentMethod, amount, orderId } = commands[0]!;
  const bound = { timeoutMs: 600_000, ...options };
  return Promise.all(Array.from({ length: count }, () => client.pay({ paymentMethod, amount, orderId }, bound)));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
