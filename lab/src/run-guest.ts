// One run of the guest: starts QEMU, gives it the script, passes the streams on, and ends QEMU.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Deadline } from './deadline.js';
import { LabError, OutOfTime } from './lab-errors.js';
import { type Machine, qemuArguments } from './qemu-arguments.js';
import { StreamUntilToken } from './stream-until-token.js';

/** Lines of the console; enough for what a kernel says when it gives up. */
const kept = 40;

/** The exit code of a program that writes where nobody reads any more. */
const brokenPipe = 128 + 13;

/** One run of the guest. */
export interface GuestRun {
  readonly machine: Machine;
  /** By writeGuestScript. */
  readonly script: string;
  /** The one in the script. */
  readonly token: string;
  readonly deadline: Deadline;
  /** Ends the guest at once. */
  readonly signal: AbortSignal;
}

/**
 * Runs the script in a guest, which is gone when this returns in whichever way.
 * @returns The command's exit code.
 * @throws LabError when the guest does not get so far; the signal's reason when that ended it.
 */
export async function runGuest(run: GuestRun): Promise<number> {
  // QEMU must not outlive this process, however that ends.
  const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...qemuArguments(run.machine)];
  const qemu = spawn('setpriv', command, { stdio: ['ignore', ...Array(6).fill('pipe')] });
  const undo: (() => void)[] = [];
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

function follow(
  qemu: ChildProcess,
  { machine, script, token, deadline, signal }: GuestRun,
  undo: (() => void)[],
): Promise<number> {
  const pipes = qemu.stdio.slice(1) as unknown[];
  const [console, complaints, ...ports] = pipes as [Socket, Socket, Socket, Socket, Socket, Socket];
  const [input, output, errors, dialogue] = ports;
  // Writing to a QEMU that has ended says so; it is noticed anyway.
  for (const port of ports) port.on('error', () => {});
  const outputs = [
    [output, new StreamUntilToken(token), process.stdout],
    [errors, new StreamUntilToken(token), process.stderr],
  ] as const;
  const tell = watch([console, complaints], machine.verbose);
  let ready = false;
  let code: number | undefined;

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
      dialogue.write(`${Buffer.byteLength(script)}\n${script}`);
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
 * @returns What tells it, to be added to a message.
 */
function watch(sources: readonly Socket[], aloud: boolean): () => string {
  const lines: string[] = [];
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
