import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Section, times } from './table.js';

/** What lab/suite/speed.mjs tells of each transport: milliseconds, and ratios of medians. */
interface Measured {
  readonly name: string;
  readonly bare: { readonly median: number; readonly p99: number };
  readonly sdk: { readonly median: number; readonly p99: number };
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  /** "out / in" for one PayCommand, each that was met in some round. */
  readonly transfers: readonly string[];
}

const LAB = fileURLToPath(new URL('../../lab/main.mjs', import.meta.url));
const SPEED = fileURLToPath(new URL('../../lab/suite/speed.mjs', import.meta.url));
/** Seconds; a machine without KVM is slow. */
const TIMEOUT = 900;

/** The SDK's pay() beside a write and a read with the library itself, through a real kernel, in the lab. */
export async function kernel(): Promise<Section> {
  const args = [LAB, '--timeout', `${TIMEOUT}`, 'node', SPEED];
  const lab = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told, [code]] = await Promise.all([text(lab.stdout), once(lab, 'close')]);
  if (code !== 0) throw new Error(`the lab ended with exit code ${code}`);
  const { rounds, each, measured } = JSON.parse(told) as { rounds: number; each: number; measured: Measured[] };
  return {
    title: 'Through a real kernel',
    tables: [
      {
        caption: `${rounds} rounds of ${each} PayCommands each, in milliseconds`,
        head: ['', 'bare, median', 'p99', 'pay(), median', 'p99', 'ratio', 'of the rounds', 'transfers out / in'],
        rows: measured.map(({ name, bare, sdk, ratio, lowest, highest, transfers }) => [
          name,
          ...[bare.median, bare.p99, sdk.median, sdk.p99].map((ms) => ms.toFixed(2)),
          times(ratio),
          `${lowest.toFixed(2)} to ${highest.toFixed(2)}`,
          transfers.join(', '),
        ]),
      },
    ],
    targets: measured
      .filter(({ name }) => name === 'HID')
      .map(({ ratio }) => ({
        name: 'pay() over HID through a kernel, times a bare write and read',
        target: 1.1,
        atMost: true,
        value: ratio,
      })),
  };
}
