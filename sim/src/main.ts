import { parseArgs } from 'node:util';
import type { Script } from './script.js';
import { scriptOf } from './script-of.js';
import { shrink } from './shrink.js';
import { Tally } from './tally.js';
import { run } from './world.js';

const HELP = `usage: npm run sim -- [--seeds N] [--seed S] [--trace]

Runs N seeds (1000), from S (1) on, each with at least 20 calls and 5 faults, and checks every invariant at every step.
  --seeds N   how many seeds
  --seed S    the first of them
  --trace     print everything that happens
  --quiet     print nothing but a failure and the last line
Exits 1 at the first seed that fails, with its number, the script shrunk to what the failure needs, and a transcript.`;

/** In one world of so many, everything is counted that a client and a device keep while they are idle. It takes long. */
const LEAKS_EACH = 40;

const { values } = parsed();
const seeds = Number(values.seeds);
const first = Number(values.seed);
if (values.help || !Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(first) || first < 0) {
  console.log(HELP);
  process.exit(values.help ? 0 : 64);
}
// Without this, the stacks of errors would take more time than the rest of a run.
Error.stackTraceLimit = 0;
const resources = activeResources().length;
process.exitCode = await simulate();
if (activeResources().length > resources) {
  console.log(`left behind: ${activeResources().join(', ')}`);
  process.exitCode = 1;
}

/** It is counted also in a world of many sessions. */
function countsLeaks({ seed, sessionNumber }: Script): boolean {
  return seed % LEAKS_EACH === 0 || sessionNumber !== undefined;
}

/** What keeps this process alive, without its own output. */
function activeResources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FS|File|Write/.test(name));
}

async function simulate(): Promise<number> {
  const tally = new Tally();
  const started = performance.now();
  const rate = (done: number) => Math.round(done / ((performance.now() - started) / 1000));
  let told = started;
  for (let done = 1; done <= seeds; done++) {
    const seed = first + done - 1;
    const script = scriptOf(seed);
    const { violations, trace, hits } = await run(script, { trace: values.trace, leaks: countsLeaks(script) });
    tally.add(hits);
    if (values.trace) console.log(trace.join('\n'));
    if (violations.length > 0) {
      await report(seed, violations[0] ?? '');
      return 1;
    }
    if (!values.quiet && performance.now() - told > 5000) {
      told = performance.now();
      console.error(`${done} of ${seeds} seeds, ${rate(done)} a second`);
    }
  }
  if (!values.quiet) console.log(tally.lines().join('\n'));
  console.log(`${seeds} seeds from ${first} on, every invariant held`);
  // The speed goes to stderr, because it differs in each run and tests compare the stdout of two runs.
  if (!values.quiet) console.error(`${rate(seeds)} seeds a second`);
  return 0;
}

async function report(seed: number, violation: string): Promise<void> {
  console.log(`seed ${seed} fails: ${violation}`);
  const leaks = countsLeaks(scriptOf(seed));
  const script = await shrink(scriptOf(seed), leaks);
  const { violations, trace } = await run(script, { trace: true, leaks });
  console.log(`\nshrunk to ${script.steps.length} steps:\n${JSON.stringify(script)}\n`);
  console.log(trace.join('\n'));
  console.log(`\n${violations[0]}\nagain: npm run sim -- --seed ${seed} --seeds 1 --trace`);
}

function parsed() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '1000' },
        seed: { type: 'string', default: '1' },
        trace: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(64);
  }
}
