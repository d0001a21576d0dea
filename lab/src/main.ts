// node lab/dist/main.js [OPTION...] COMMAND [ARGUMENT...]: runs a command in the lab. lab/README.md describes it.
import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { type Options, parseArguments, UsageError, usage } from './arguments.js';
import { Deadline } from './deadline.js';
import { endingWithSignals } from './ending-with-signals.js';
import { chooseEnvironment, writeGuestScript } from './guest-script.js';
import { LabError, OutOfTime } from './lab-errors.js';
import { prepareMachine } from './prepare-machine.js';
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
  const { kernel, initramfs, kvm } = await prepareMachine(deadline, packages);
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
  const machine = { kvm, memory, image: kernel.image, initramfs, verbose, results: shared };
  return await endingWithSignals((signal) => runGuest({ machine, script, token, deadline, signal }));
}
