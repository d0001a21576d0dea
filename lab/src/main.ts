// node lab/dist/main.js [OPTION...] COMMAND [ARGUMENT...]: runs a command in the lab. lab/README.md describes it.
import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Options, parseArguments, UsageError, usage } from './arguments.js';
import { Deadline } from './deadline.js';
import { prepareKernel } from './debian-kernel.js';
import { ensurePackages } from './debian-packages.js';
import { endingWithSignals } from './ending-with-signals.js';
import { chooseEnvironment, writeGuestScript } from './guest-script.js';
import { prepareInitramfs } from './initramfs.js';
import { hasKvm } from './kvm-probe.js';
import { LabError, OutOfTime } from './lab-errors.js';
import { runGuest } from './run-guest.js';

try {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) console.log(usage);
  else process.exitCode = await runLab(options);
} catch (error) {
  if (!(error instanceof UsageError || error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? 2 : error instanceof OutOfTime ? 124 : 125;
}

async function runLab({ timeout, memory, verbose, environment, packages, results, command }: Options): Promise<number> {
  const deadline = new Deadline(timeout);
  await ensurePackages(deadline, packages);
  const cache = prepareCache();
  const kernel = prepareKernel(deadline, cache);
  const initramfs = prepareInitramfs(cache, kernel);
  if (results) mkdirSync(results, { recursive: true });
  const shared = results ? realpathSync(results) : '';

  const token = `\x01${randomBytes(16).toString('hex')}`;
  const script = writeGuestScript({
    token,
    modules: kernel.modules,
    results: shared,
    folder: process.cwd(),
    environment: chooseEnvironment(process.env, environment),
    command,
  });
  const kvm = hasKvm(cache, kernel.image, initramfs);
  const machine = { kvm, memory, image: kernel.image, initramfs, verbose, results: shared };
  return await endingWithSignals((signal) => runGuest({ machine, script, token, deadline, signal }));
}

function prepareCache(): string {
  const { BLUETAP_LAB_CACHE: own, XDG_CACHE_HOME: common } = process.env;
  const cache = resolve(own || join(common || join(homedir(), '.cache'), 'bluetap-lab'));
  mkdirSync(cache, { recursive: true });
  return cache;
}
