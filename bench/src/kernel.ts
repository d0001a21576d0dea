import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SECTION, TARGET } from './tables/names.js';
import { type Section, times } from './tables/table.js';

/** Times in milliseconds. The ratios compare medians with the median of the bare write and read. */
interface Side {
  readonly median: number;
  readonly p99: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The result of lab/suite/src/sdk-overhead.ts for one transport. */
interface Measured {
  readonly name: string;
  readonly bare: Side;
  readonly framed: Side;
  readonly sdk: Side;
  /** The numbers of transfers "out / in" for one PayCommand: each pair that occurred in a round. */
  readonly transfers: readonly string[];
}

const LAB = fileURLToPath(new URL('../../lab/dist/main.js', import.meta.url));
const OVERHEAD = fileURLToPath(new URL('../../lab/suite/dist/sdk-overhead.js', import.meta.url));
/** The time limit in seconds. It is long, because a machine without KVM is slow. */
const TIMEOUT = 1800;

/** Compares pay() of the SDK with a write and a read of the library itself, through a real kernel in the lab. */
export async function kernel(): Promise<Section> {
  const args = [LAB, '--timeout', `${TIMEOUT}`, 'node', OVERHEAD];
  const lab = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told, [code]] = await Promise.all([text(lab.stdout), once(lab, 'close')]);
  if (code !== 0) throw new Error(`the lab ended with exit code ${code}`);
  const { rounds, each, measured } = JSON.parse(told) as { rounds: number; each: number; measured: Measured[] };
  return {
    title: SECTION.kernel,
    tables: [
      {
        caption: `${rounds} rounds of ${each} PayCommands each, in milliseconds`,
        head: ['', 'median', 'p99', 'ratio', 'of the rounds', 'transfers out / in'],
        rows: measured.flatMap(({ name, bare, framed, sdk, transfers }) => [
          row(`${name}: a bare write and read`, bare),
          row('and the frame made, the reply decoded', framed),
          row('pay()', sdk, transfers.join(', ')),
        ]),
      },
    ],
    targets: measured
      .filter(({ name }) => name === 'HID')
      .map(({ sdk }) => ({
        name: TARGET.kernel,
        target: 1.1,
        atMost: true,
        value: sdk.ratio,
      })),
  };
}

function row(side: string, { median, p99, ratio, lowest, highest }: Side, transfers = ''): string[] {
  return [
    side,
    median.toFixed(2),
    p99.toFixed(2),
    times(ratio),
    `${lowest.toFixed(2)} to ${highest.toFixed(2)}`,
    transfers,
  ];
}
