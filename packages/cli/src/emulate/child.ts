import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { printable } from '@bluetap/transport/kit';
import { TRANSPORT_VARIABLE } from '../devices/transport.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { onStopSignals, SAME_KEYSTROKE_MS, type StopSignal } from '../process/stop-signals.js';

/**
 * Runs a program with the emulated device's address in its environment, and gives the exit code that a shell would.
 * SIGINT, SIGTERM and SIGHUP are passed on; when the program ends is its own business.
 * @param transport None when the device is only reached as a USB device: then the program knows where it looks for those.
 * @throws Failure (127, 126) when there is no such program or it cannot be executed.
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
  // Looked at now: of a terminal that was closed nothing can be learnt any more.
  const inTerminal = isatty(0);
  return onStopSignals((signal) => {
    const now = performance.now();
    // A signal that npm passes on as well comes twice.
    const again = now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_KEYSTROKE_MS;
    last.set(signal, now);
    // A terminal sends its Ctrl-C to the program by itself.
    if (!again && !(signal === 'SIGINT' && inTerminal)) child.kill(signal);
  });
}

function cannotRun(command: string, error: NodeJS.ErrnoException): Failure {
  const shown = printable(command);
  return error.code === 'ENOENT'
    ? new Failure(ExitCode.NOT_FOUND, `${shown}: there is no such command.`)
    : new Failure(ExitCode.NOT_EXECUTABLE, `${shown} cannot be run: ${printable(error.message)}.`);
}
