// One run of the guest: starts QEMU, gives the order, passes the streams on, and ends QEMU.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { qemuArguments } from './qemu.mjs';
import { LabError, OutOfTime } from './steps.mjs';
import { UntilToken } from './until-token.mjs';

/** @typedef {import('node:net').Socket} Socket */

/** Lines of the console; enough for what a kernel says when it gives up. */
const kept = 40;

/** The exit code of a program that writes where nobody reads any more. */
const brokenPipe = 128 + 13;

/**
 * @typedef {object} Run
 * @property {import('./qemu.mjs').Machine} machine
 * @property {string} order the script of writeOrder
 * @property {string} token the one in the order
 * @property {import('./steps.mjs').Deadline} deadline
 * @property {AbortSignal} signal ends the guest at once
 */

/**
 * Runs the order in a guest, which is gone when this returns in whichever way.
 * @param {Run} run
 * @returns {Promise<number>} the command's exit code
 * @throws {LabError} when the guest does not get so far; the signal's reason when that ended it
 */
export async function runGuest(run) {
  // QEMU must not outlive this process, however that ends.
  const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...qemuArguments(run.machine)];
  const qemu = spawn('setpriv', command, { stdio: ['ignore', ...Array(6).fill('pipe')] });
  /** @type {(() => void)[]} */
  const undo = [];
  try {
    return await follow(qemu, run, undo);
  } finally {
    for (const step of undo) step();
    // Ended by itself it has an exit code already, and one that never started has no id.
    if (qemu.pid !== undefined && qemu.kill('SIGKILL')) await once(qemu, 'exit');
    for (const stream of qemu.stdio) stream?.destroy();
    process.stdin.destroy();
  }
}

/** @param {import('node:child_process').ChildProcess} qemu @param {Run} run @param {(() => void)[]} undo @returns {Promise<number>} */
function follow(qemu, { machine, order, token, deadline, signal }, undo) {
  const pipes = /** @type {unknown[]} */ (qemu.stdio.slice(1));
  const [console, complaints, ...ports] = /** @type {[Socket, Socket, Socket, Socket, Socket, Socket]} */ (pipes);
  const [input, output, errors, dialogue] = ports;
  // Writing to a QEMU that has ended says so; it is noticed anyway.
  for (const port of ports) port.on('error', () => {});
  const outputs = /** @type {const} */ ([
    [output, new UntilToken(token), process.stdout],
    [errors, new UntilToken(token), process.stderr],
  ]);
  const tell = watch([console, complaints], machine.verbose);
  let ready = false;
  /** @type {number | undefined} */
  let code;

  return new Promise((resolve, reject) => {
    const settle = () => {
      if (code !== undefined && outputs.every(([, { complete }]) => complete)) resolve(code);
    };
    for (const [port, untilToken, target] of outputs) {
      // Also when all is over: what was written before may only fail then.
      target.on('error', () => resolve(brokenPipe));
      port.pipe(untilToken).on('end', settle).pipe(target, { end: false });
    }
    createInterface({ input: dialogue }).on('line', (line) => {
      if (line.startsWith('exit ')) code = Number(line.slice('exit '.length));
      settle();
      if (line !== 'ready') return;
      ready = true;
      dialogue.write(`${Buffer.byteLength(order)}\n${order}`);
      // A stdin that cannot be read is one that ends.
      process.stdin.once('error', () => input.end()).pipe(input);
    });
    qemu.on('error', ({ message }) => reject(new LabError(`QEMU could not be started: ${message}.`)));
    qemu.on('close', () => {
      const what = code === undefined ? 'The guest died' : 'The guest ended before its output was complete';
      reject(new LabError(`${what}${ready ? '' : ' while it started'}.${tell()}`));
    });
    const timer = setTimeout(() => {
      const what = ready ? 'The command had not ended' : 'The guest had not started';
      reject(new OutOfTime(`${what} after ${deadline.seconds} s (--timeout).${tell()}`));
    }, deadline.left);
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    undo.push(
      () => clearTimeout(timer),
      () => signal.removeEventListener('abort', abort),
    );
    if (signal.aborted) abort();
  });
}

/**
 * Keeps the end of what QEMU and the guest's kernel say.
 * @param {readonly Socket[]} sources
 * @param {boolean} aloud
 * @returns {() => string} tells it, to be added to a message
 */
function watch(sources, aloud) {
  /** @type {string[]} */
  const lines = [];
  for (const source of sources)
    createInterface({ input: source }).on('line', (line) => {
      const text = line.replace(/\r$/, '');
      if (aloud) process.stderr.write(`${text}\n`);
      if (lines.push(text) > kept) lines.shift();
    });
  return () => {
    const told = lines.filter((line) => line.trim() !== '').map((line) => `\n  ${line}`);
    if (told.length > 0) return ` Its console ended with:${told.join('')}`;
    return ' Its console said nothing.';
  };
}
