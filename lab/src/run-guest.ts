// Runs the guest once: starts QEMU, sends the script to the guest, forwards the streams, and ends QEMU.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Deadline } from './deadline.js';
import { LabError, OutOfTime } from './lab-errors.js';
import { type Machine, qemuArguments } from './qemu-arguments.js';
import { StreamUntilToken } from './stream-until-token.js';

/** The number of console lines that the lab keeps. These are enough for the last messages of a kernel that fails. */
const kept = 40;

/** The exit code of a program that writes to a pipe that no program reads. */
const brokenPipe = 128 + 13;

/** One run of the guest. */
export interface GuestRun {
  readonly machine: Machine;
  /** The script that writeGuestScript has made. */
  readonly script: string;
  /** The token that is in the script. */
  readonly token: string;
  readonly deadline: Deadline;
  /** Ends the guest immediately. */
  readonly signal: AbortSignal;
}

/**
 * Runs the script in a guest. The guest has ended when this function returns or throws.
 * @returns The exit code of the command.
 * @throws LabError if the guest ends or fails before the command has ended. The reason of the signal if the signal
 * ended the guest.
 */
export async function runGuest(run: GuestRun): Promise<number> {
  // QEMU must end with this process, also if this process is killed.
  const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...qemuArguments(run.machine)];
  const qemu = spawn('setpriv', command, { stdio: ['ignore', ...Array(6).fill('pipe')] });
  const undo: (() => void)[] = [];
  try {
    return await follow(qemu, run, undo);
  } finally {
    for (const step of undo) step();
    // A QEMU that has ended already cannot be killed. A QEMU that never started has no process id.
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
  // A write to a QEMU that has ended emits an error. The event `close` of QEMU reports the end already.
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
      // This listener stays after the end, because an earlier write can fail late.
      target.on('error', () => resolve(brokenPipe));
      port.pipe(untilToken).on('end', settle).pipe(target, { end: false });
    }
    createInterface({ input: dialogue }).on('line', (line) => {
      if (line.startsWith('exit ')) code = Number(line.slice('exit '.length));
      settle();
      if (line !== 'ready') return;
      ready = true;
      dialogue.write(`${Buffer.byteLength(script)}\n${script}`);
      // If stdin cannot be read, the stdin of the guest ends.
      process.stdin.once('error', () => input.end()).pipe(input);
    });
    qemu.on('error', ({ message }) => reject(new LabError(`QEMU could not be started: ${message}.`)));
    qemu.on('close', () => {
      const what = code === undefined ? 'The guest ended early' : 'The guest ended before its output was complete';
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
 * Keeps the last lines that QEMU and the kernel of the guest print.
 * @param aloud True if the lines are also printed on stderr.
 * @returns A function that returns these lines as text for the end of a message.
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
    return ' Its console was empty.';
  };
}
