import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Client, connect } from '@bluetap/sdk';
import { socket } from '@bluetap/transport-socket';
import { median } from './side-by-side.js';
import { type Section, times } from './tables/table.js';
import { commands } from './workload/commands.js';

const BLUETAP = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const READERS = fileURLToPath(new URL('./workload/event-readers.js', import.meta.url));

const WATCHERS = 50;
const EACH = 200;

/** An emulated device in its own process, with a control service, and a client that uses it. */
interface Side {
  readonly client: Client;
  readonly processes: readonly ChildProcess[];
}

/** Milliseconds of a round. */
interface Round {
  readonly median: number;
  readonly mean: number;
}

/**
 * Measures what 50 programs that read the events of the control service add to pay(). Two emulated devices run in their own
 * processes, and the readers of the second one run in another process. In each round both get PayCommands without a pause.
 */
export async function watched(rounds: number): Promise<Section> {
  const sides = [await start(0), await start(WATCHERS)] as const;
  const quiet: Round[] = [];
  const read: Round[] = [];
  for (let round = -3; round < rounds; round++) {
    // The order changes from round to round.
    const early = round % 2 === 0 ? await payments(sides[0].client) : undefined;
    const watchedRound = await payments(sides[1].client);
    const quietRound = early ?? (await payments(sides[0].client));
    if (round < 0) continue;
    quiet.push(quietRound);
    read.push(watchedRound);
  }
  for (const { client, processes } of sides) {
    await client.close();
    for (const each of processes) each.kill();
  }
  const ratioOf = (kind: keyof Round) => median(read.map((each, at) => each[kind] / quiet[at]![kind]));
  const row = (name: string, of: readonly Round[], ratios: readonly [number, number]) => [
    name,
    median(of.map((each) => each.median)).toFixed(2),
    times(ratios[0]),
    median(of.map((each) => each.mean)).toFixed(2),
    times(ratios[1]),
  ];
  return {
    title: 'pay() while programs read the events',
    tables: [
      {
        caption: `Over TCP to an emulated device in another process, ${rounds} rounds of ${EACH} PayCommands each, in milliseconds`,
        head: ['', 'median', 'ratio', 'mean', 'ratio'],
        rows: [
          row('nobody reads', quiet, [1, 1]),
          row(`${WATCHERS} programs read`, read, [ratioOf('median'), ratioOf('mean')]),
        ],
      },
    ],
    targets: [
      {
        name: `pay() with ${WATCHERS} readers of the events, times pay() with none`,
        target: 1.2,
        atMost: true,
        value: ratioOf('median'),
      },
    ],
  };
}

/** Sends PayCommands one after the other. Returns how long one took. */
async function payments(client: Client): Promise<Round> {
  const took: number[] = [];
  for (let count = 0; count < EACH; count++) {
    const { paymentMethod, amount, orderId } = commands[count % commands.length]!;
    const started = performance.now();
    const { code } = await client.pay({ paymentMethod, amount, orderId });
    took.push(performance.now() - started);
    if (code !== 'SUCCESS') throw new Error(`the emulated device answered ${code}`);
  }
  return { median: median(took), mean: took.reduce((sum, ms) => sum + ms, 0) / EACH };
}

async function start(readers: number): Promise<Side> {
  const emulate = [BLUETAP, 'emulate', '--json', '--tcp', '127.0.0.1:0', '--control'];
  const device: ChildProcess = spawn(process.execPath, emulate, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = JSON.parse(await lineOf(device)) as { readonly tcp: string; readonly control: string };
  device.stdout!.resume();
  const processes = [device];
  if (readers > 0) {
    const args = [READERS, ready.control, String(readers)];
    const reading: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await lineOf(reading);
    processes.push(reading);
  }
  return { client: await connect({ transport: socket(ready.tcp) }), processes };
}

async function lineOf({ stdout }: ChildProcess): Promise<string> {
  const lines = createInterface({ input: stdout! });
  const [line] = (await once(lines, 'line')) as [string];
  lines.close();
  return line;
}
