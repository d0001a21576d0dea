import { spawn } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import { systemClock, TransportError } from '@bluetap/transport';
import { setDeadline, stoodStill } from '@bluetap/transport/kit';

/** The master side of a pseudo-terminal. */
export interface Terminal {
  /** The path that a host opens: "/dev/pts/3". */
  readonly path: string;
  /** Bytes to the host. */
  readonly output: Writable;
  /** Bytes from the host. */
  readonly input: Readable;
  /** Resolves when the terminal is closed, with true if `hangUp` was called. */
  readonly gone: Promise<boolean>;
  /** Closes the terminal. */
  hangUp(): void;
}

const START_MS = 5000;
const END_MS = 1000;

/**
 * The program `script` opens the terminal, so no native module is needed. A shell in the terminal sets it to raw mode
 * and writes its path to descriptor 3. Then it becomes a `cat`, which keeps the terminal open while descriptor 3 is
 * open: until this process closes the descriptor or ends.
 */
const WITHIN = 'stty raw -echo && tty >&3 && exec cat <&3 >/dev/null';

/**
 * `script` stores all data that a host does not read, without limit: 8 KiB for every piece (seen: a gigabyte in
 * seconds). With a limit of 16 MiB it ends instead. That closes the terminal of that host.
 */
const COMMAND = `ulimit -d 16384; exec script -qfec '${WITHIN}' /dev/null`;

/** The exit code of a shell if the program does not exist. */
const NO_SUCH_PROGRAM = 127;

/**
 * Opens a pseudo-terminal. This takes real time with any clock of the emulator.
 * @param startMs The time limit in milliseconds.
 * @throws TransportError `missing-library` if the program `script` is not installed, `timeout`, or `io`.
 */
export function startTerminal(startMs: number = START_MS): Promise<Terminal> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', COMMAND], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // The child must not be in our process group. After a Ctrl-C that is meant for us, script would not close the
      // terminal.
      detached: true,
      // script runs the command in $SHELL, which can be a shell with another grammar.
      env: { ...process.env, SHELL: '/bin/sh' },
    });
    const [output, input, errors] = child.stdio;
    const control = child.stdio[3] as Duplex;
    // A stream reports an error if its other end is closed. The end of the child is enough to know.
    for (const stream of [output, input, errors, control]) stream.on('error', () => {});

    let path = '';
    let complaint = '';
    let asked = false;
    const gone = new Promise<boolean>((ended) => child.once('close', () => ended(asked)));
    const hangUp = () => {
      if (asked) return;
      asked = true;
      control.destroy();
      // The child cannot end while it waits for us to read or write.
      output.destroy();
      input.resume();
      const timer = systemClock.setTimeout(() => child.kill('SIGKILL'), END_MS);
      void gone.then(() => systemClock.clearTimeout(timer));
    };

    const fail = (error: TransportError) => {
      stopWaiting();
      reject(error);
    };
    const stopWaiting = setDeadline(systemClock, startMs, (stoodStillMs) => {
      hangUp();
      const text = `the program "script" made no pseudo-terminal within ${startMs} ms: the machine is busy, so try again${stoodStill(stoodStillMs)}`;
      reject(new TransportError('timeout', text));
    });
    control.on('data', (text: Buffer) => {
      path += text;
      if (!path.endsWith('\n')) return;
      stopWaiting();
      resolve({ path: path.trim(), output, input, gone, hangUp });
    });
    errors.on('data', (text: Buffer) => {
      complaint = `${complaint}${text}`.slice(0, 500);
    });
    child.once('error', (cause) =>
      fail(new TransportError('io', 'cannot start a shell: check that /bin/sh is there', { cause })),
    );
    child.once('close', (code) => fail(code === NO_SUCH_PROGRAM ? missing() : broken(complaint)));
  });
}

function missing(): TransportError {
  const advice =
    'a pseudo-terminal needs the program "script": install it (Debian: the package bsdutils; elsewhere: util-linux)';
  return new TransportError('missing-library', advice);
}

function broken(complaint: string): TransportError {
  return new TransportError(
    'io',
    `the program "script" made no pseudo-terminal: check that /dev/ptmx can be opened (${complaint.trim() || 'script ended without a message'})`,
  );
}
