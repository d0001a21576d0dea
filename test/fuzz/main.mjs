// node test/fuzz/main.mjs [--seconds N] [--seed S] [--target NAME]...
// Without --seconds each target tries a fixed number of inputs, the same ones every time. Ends with 1 at the first failure,
// whose input is then kept in test/fuzz/corpus.
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keep, readCorpus } from './corpus.mjs';
import { Fuzzer } from './engine.mjs';
import { cli } from './targets/cli.mjs';
import { codec } from './targets/codec.mjs';
import { device } from './targets/device.mjs';
import { sockets } from './targets/sockets.mjs';
import { usbip } from './targets/usbip.mjs';

/** What may be held more at the end than in the middle, in bytes; what a single input leaves would be far more. */
const GROWTH = 4e6;

const targets = [codec, device, cli, sockets, usbip];
const { seconds, seed, chosen } = readArguments();

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

const seeds = readCorpus().map(({ bytes }) => bytes);
const fuzzers = chosen.map((target) => new Fuzzer(target, seeds, seed));

/** What is being tried, in case that it ends the process. @type {Fuzzer | undefined} */
let current;
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
  // The time differs from run to run, and two runs of one seed are compared by their stdout.
  console.error(`${target.name}: ${took.toFixed(1)} s, ${Math.round(runs / took)} a second`);
  if (!failure) continue;
  failed = true;
  const { bytes, error } = failure;
  console.log(`\nFAILED in ${target.name}, seed ${seed}: ${error.stack}`);
  if (bytes) console.log(`kept as ${keep(target.name, bytes, error.message)}`);
  break;
}
current = undefined;
for (const { close } of targets) await close?.();
process.exitCode = failed ? 1 : 0;

function readArguments() {
  const names = targets.map(({ name }) => name);
  const usage = `usage: npm run fuzz -- [--seconds N] [--seed S] [--target NAME]...

Without --seconds each target tries a fixed number of inputs, the same ones every time. NAME is one of ${names.join(', ')}.`;
  try {
    const read = parse(names);
    if (read) return read;
  } catch (error) {
    console.error(`fuzz: ${/** @type {Error} */ (error).message}\n\n${usage}`);
    process.exit(2);
  }
  console.log(usage);
  process.exit(0);
}

/** What was asked for; nothing when that was the usage. @param {string[]} names */
function parse(names) {
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
  throw new RangeError(`--seed takes a whole number, --seconds a number above 0, --target one of ${names.join(', ')}`);
}

/** @param {Fuzzer} fuzzer */
async function count(fuzzer) {
  const half = Math.ceil(fuzzer.target.runs / 2);
  return (await fuzzer.advance(half)) ?? (await flat(() => fuzzer.advance(half)));
}

/** @param {Fuzzer} fuzzer @param {number} ms */
async function last(fuzzer, ms) {
  /** @param {number} end */
  const until = async (end) => {
    let failure;
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

/**
 * The second half of the work must not need more memory than the first.
 * @param {() => Promise<import('./engine.mjs').Failure | undefined>} work
 */
async function flat(work) {
  const before = held();
  const failure = await work();
  const growth = held() - before;
  if (failure || growth < GROWTH) return failure;
  return { bytes: undefined, error: new Error(`memory grew by ${growth} bytes`) };
}

function held() {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
