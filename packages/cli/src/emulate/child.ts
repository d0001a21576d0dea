import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { printable } from '@bluetap/transport/kit';
import { TRANSPORT_VARIABLE } from '../devices/transport.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { onStopSignals, SAME_KEYSTROKE_MS, type StopSignal } from '../process/stop-signals.js';

/**
 * Runs a program with the address of the emulated device in its environment. Returns the exit code that a shell would
 * return. Passes SIGINT, SIGTERM and SIGHUP on to the program, and waits until the program ends.
 * @param transport Undefined if USB/IP is the only listener: a program finds a USB device itself.
 * @throws Failure (exit code 127) if there is no such program, or (126) if the program cannot be executed.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  transport: string | undefined,
): Promise<number> {
  const child = start(command, args, { ...process.env, ...(transport && { [TRANSPORT_VARIABLE]: transport }) });
  const stopPassing = passSignals(child);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(cannotRun(command, error)));
      child.once('exit', (code, signal) =>
        resolve(code ?? ExitCode.SIGNALLED + (signal ? constants.signals[signal] : 0)),
      );
    });
  } finally {
    stopPassing();
  }
}

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  try {
    return spawn(command, args, { stdio: 'inherit', env });
  } catch (error) {
    throw cannotRun(command, error as Error);
  }
}

function passSignals(child: ChildProcess): () => void {
  const last = new Map<StopSignal, number>();
  // Asked now, because the system cannot answer this after the terminal was closed.
  const inTerminal = isatty(0);
  return onStopSignals((signal) => {
    const now = performance.now();
    // Under npm the same signal can arrive twice, because npm passes it on too.
    const again = now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_KEYSTROKE_MS;
    last.set(signal, now);
    // A terminal also sends its Ctrl-C to the program, so it is not passed on.
    if (!again && !(signal === 'SIGINT' && inTerminal)) child.kill(signal);
  });
}

function cannotRun(command: string, error: NodeJS.ErrnoException): Failure {
  const shown = printable(command);
  return error.code === 'ENOENT'
    ? new Failure(ExitCode.NOT_FOUND, `${shown}: there is no such command.`)
    : new Failure(ExitCode.NOT_EXECUTABLE, `${shown} cannot be run: ${printable(error.message)}.`);
}
