// node lab/main.mjs [OPTION...] COMMAND [ARGUMENT...]: see lab/README.md
import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { hasKvm } from './accelerator.mjs';
import { parseArguments, UsageError, usage } from './arguments.mjs';
import { runGuest } from './guest.mjs';
import { prepareInitramfs } from './initramfs.mjs';
import { prepareKernel } from './kernel.mjs';
import { chooseEnvironment, writeOrder } from './order.mjs';
import { ensurePackages } from './packages.mjs';
import { Deadline, LabError, OutOfTime } from './steps.mjs';

/** @typedef {import('./arguments.mjs').Options} Options */

try {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) console.log(usage);
  else process.exitCode = await runLab(options);
} catch (error) {
  if (!(error instanceof UsageError || error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? 2 : error instanceof OutOfTime ? 124 : 125;
}

/** @param {Options} options @returns {Promise<number>} */
async function runLab({ timeout, memory, verbose, environment, packages, results, command }) {
  const deadline = new Deadline(timeout);
  await ensurePackages(deadline, packages);
  const cache = prepareCache();
  const kernel = prepareKernel(deadline, cache);
  const initramfs = prepareInitramfs(cache, kernel);
  if (results) mkdirSync(results, { recursive: true });
  const shared = results ? realpathSync(results) : '';

  const token = `\x01${randomBytes(16).toString('hex')}`;
  const order = writeOrder({
    token,
    modules: kernel.modules,
    results: shared,
    folder: process.cwd(),
    environment: chooseEnvironment(process.env, environment),
    command,
  });
  const kvm = hasKvm(cache, kernel.image, initramfs);
  const machine = { kvm, memory, image: kernel.image, initramfs, verbose, results: shared };
  return await endingWithSignals((signal) => runGuest({ machine, order, token, deadline, signal }));
}

/** @returns {string} */
function prepareCache() {
  const { BLUETAP_LAB_CACHE: own, XDG_CACHE_HOME: common } = process.env;
  const cache = resolve(own || join(common || join(homedir(), '.cache'), 'bluetap-lab'));
  mkdirSync(cache, { recursive: true });
  return cache;
}

/**
 * Ends the work with the first signal, and then this process in the way that the signal asks for.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function endingWithSignals(work) {
  const controller = new AbortController();
  /** @type {NodeJS.Signals[]} */
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const end = (/** @type {NodeJS.Signals} */ name) => controller.abort(name);
  for (const name of names) process.on(name, end);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of names) process.off(name, end);
    if (controller.signal.aborted) process.kill(process.pid, controller.signal.reason);
  }
}
