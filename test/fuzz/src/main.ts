// node test/fuzz/dist/main.js [--seconds N] [--seed S] [--target NAME]...
// Without --seconds, each target tries a fixed number of inputs, and the same inputs in every run. At the first failure
// the program writes the failed input to test/fuzz/corpus and ends with exit code 1.
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keep, readCorpus } from './fuzzer/corpus.js';
import { type Failure, Fuzzer, type Target } from './fuzzer/fuzzer.js';
import { cli } from './targets/cli.js';
import { codec } from './targets/codec.js';
import { device } from './targets/device.js';
import { sockets } from './targets/sockets.js';
import { usbip } from './targets/usbip.js';

/**
 * How much more memory may be in use at the end than in the middle, in bytes. A leak at every input would need much
 * more.
 */
const GROWTH = 4e6;

const targets: readonly Target[] = [codec, device, cli, sockets, usbip];
const { seconds, seed, chosen } = readArguments();

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const seeds = readCorpus().map(({ bytes }) => bytes);
const fuzzers = chosen.map((target) => new Fuzzer(target, seeds, seed));

/** The fuzzer that runs now. If an input ends the process, this input is kept. */
let current: Fuzzer | undefined;
process.on('uncaughtExceptionMonitor', (error) => {
  if (current) console.log(`kept as ${keep(current.target.name, current.latest, error.message)}`);
});

let failed = false;
for (current of fuzzers) {
  const start = performance.now();
  const failure = seconds === undefined ? await count(current) : await last(current, (seconds * 1000) / chosen.length);
  const took = (performance.now() - start) / 1000;
  const { runs, kinds, target } = current;
  console.log(`${target.name}: ${runs} inputs, ${kinds.size} kinds of outcome${target.note?.() ?? ''}`);
  // The time is different in each run. It is on stderr, because the stdout of two runs with one seed must be the same.
  console.error(`${target.name}: ${took.toFixed(1)} s, ${Math.round(runs / took)} a second`);
  if (!failure) continue;
  failed = true;
  const { bytes, error } = failure;
  console.log(`\nFAILED in ${target.name}, seed ${seed}: ${error.stack}`);
  if (bytes) console.log(`kept as ${keep(target.name, bytes, error.message)}`);
  break;
}
current = undefined;
for (const target of targets) await target.close?.();
process.exitCode = failed ? 1 : 0;

interface Arguments {
  readonly seed: number;
  /** The time for all targets together. If it is undefined, each target tries a fixed number of inputs. */
  readonly seconds: number | undefined;
  readonly chosen: readonly Target[];
}

function readArguments(): Arguments {
  const names = targets.map(({ name }) => name);
  const usage = `usage: npm run fuzz -- [--seconds N] [--seed S] [--target NAME]...

Without --seconds, each target tries a fixed number of inputs, and the same
inputs in every run. NAME is one of ${names.join(', ')}.`;
  try {
    const read = parse(names);
    if (read) return read;
  } catch (error) {
    console.error(`fuzz: ${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
  console.log(usage);
  process.exit(0);
}

/** Returns the arguments, or undefined if the program must print its usage. */
function parse(names: string[]): Arguments | undefined {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      seconds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      target: { type: 'string', multiple: true, default: names },
    },
  });
  if (values.help) return undefined;
  const seed = Number(values.seed);
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  const chosen = targets.filter(({ name }) => values.target.includes(name));
  if (Number.isInteger(seed) && (seconds === undefined || seconds > 0) && chosen.length > 0)
    return { seed, seconds, chosen };
  throw new RangeError(
    `--seed must be a whole number, --seconds a number above 0, and --target one of ${names.join(', ')}`,
  );
}

async function count(fuzzer: Fuzzer): Promise<Failure | undefined> {
  const half = Math.ceil(fuzzer.target.runs / 2);
  return (await fuzzer.advance(half)) ?? (await flat(() => fuzzer.advance(half)));
}

async function last(fuzzer: Fuzzer, ms: number): Promise<Failure | undefined> {
  const until = async (end: number) => {
    let failure: Failure | undefined;
    let told = performance.now();
    while (!failure && performance.now() < end) {
      failure = await fuzzer.advance(fuzzer.target.batch);
      if (performance.now() - told < 10_000) continue;
      told = performance.now();
      console.error(`${fuzzer.target.name}: ${fuzzer.runs} inputs, ${fuzzer.kinds.size} kinds of outcome ...`);
    }
    return failure;
  };
  const start = performance.now();
  return (await until(start + ms / 2)) ?? (await flat(() => until(start + ms)));
}

/** Checks that the second half of the work does not need more memory than the first half. */
async function flat(work: () => Promise<Failure | undefined>): Promise<Failure | undefined> {
  const before = held();
  const failure = await work();
  const growth = held() - before;
  if (failure || growth < GROWTH) return failure;
  return { bytes: undefined, error: new Error(`memory grew by ${growth} bytes`) };
}

function held(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
