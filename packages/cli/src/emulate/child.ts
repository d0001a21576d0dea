import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ExitCode, Failure } from '../exit-code.js';
import { TRANSPORT_VARIABLE } from '../transport.js';

/** A signal that npm passes on as well comes twice; see stop-signals.ts. */
const SAME_KEYSTROKE_MS = 300;

/**
 * Runs a program with the emulated device's address in its environment, and gives the exit code that a shell would.
 * SIGINT and SIGTERM are passed on; when the program ends is its own business.
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
  const last = { SIGINT: Number.NEGATIVE_INFINITY, SIGTERM: Number.NEGATIVE_INFINITY };
  const pass = (signal: 'SIGINT' | 'SIGTERM') => {
    const now = performance.now();
    const again = now - last[signal] < SAME_KEYSTROKE_MS;
    last[signal] = now;
    // A terminal sends its Ctrl-C to the program by itself.
    if (!again && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return () => void process.off('SIGINT', pass).off('SIGTERM', pass);
}

function cannotRun(command: string, error: NodeJS.ErrnoException): Failure {
  return error.code === 'ENOENT'
    ? new Failure(ExitCode.NOT_FOUND, `${command}: there is no such command.`)
    : new Failure(ExitCode.NOT_EXECUTABLE, `${command} cannot be run: ${error.message}.`);
}
