/**
 * The contract of a transport as test cases for any test runner.
 *
 * @packageDocumentation
 */

import { Bench } from './bench.js';
import { bytes } from './bytes.js';
import { closing } from './closing.js';
import { listing } from './listing.js';
import { opening } from './opening.js';
import type { ConformanceSetup } from './setup.js';
import { unplugging } from './unplugging.js';
import { watching } from './watching.js';

export { BlockedClock } from './blocked-clock.js';
export { fastClock } from './fast-clock.js';
export type { ConformanceCapabilities, ConformanceHarness, ConformanceSetup } from './setup.js';

/** One check of the contract. `run` creates its own harness. It rejects with an Error that says what was expected. */
export interface ConformanceCase {
  /** The rule of the contract in words. Use it as the title of the test. */
  readonly name: string;
  /** Runs the case once. Rejects if the transport breaks the contract. */
  run(): Promise<void>;
}

/**
 * Returns the contract of `Transport` as cases for any test runner:
 * `for (const { name, run } of conformanceCases(setup)) it(name, run)`. A case can wait several times, each time for at
 * most `setup.watchdogMs`. So the time limit of the test runner must be longer.
 */
export function conformanceCases(setup: ConformanceSetup): readonly ConformanceCase[] {
  return [listing, opening, bytes, closing, unplugging, watching]
    .flatMap((group) => Object.entries(group(setup.has)))
    .map(([name, body]) => ({ name, run: () => runCase(setup, body) }));
}

async function runCase(setup: ConformanceSetup, body: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = new Bench(setup);
  try {
    await bench.create();
    await body(bench);
    await bench.finish();
  } catch (error) {
    // A person needs to see the first error, so an error of `dispose` is ignored here.
    await bench.dispose().catch(() => {});
    throw error;
  }
  await bench.dispose();
}
