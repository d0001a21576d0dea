import { spawn } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import { systemClock, TransportError } from '@bluetap/transport';
import { setDeadline, stoodStill } from '@bluetap/transport/kit';

/** The master side of a pseudo-terminal. */
export interface Terminal {
  /** What a host opens: "/dev/pts/3". */
  readonly path: string;
  /** To the host. */
  readonly output: Writable;
  /** From the host. */
  readonly input: Readable;
  /** Resolves when the terminal has gone; true when `hangUp` was called. */
  readonly gone: Promise<boolean>;
  /** Hangs up. */
  hangUp(): void;
}

const START_MS = 5000;
const END_MS = 1000;

/**
 * `script` makes the terminal, so that no native module is needed. Within it a shell makes it raw, tells its path on
 * descriptor 3 and becomes a `cat` that holds the terminal open for as long as descriptor 3 is: until this process
 * closes it or ends.
 */
const WITHIN = 'stty raw -echo && tty >&3 && exec cat <&3 >/dev/null';

/**
 * `script` keeps without limit what a host does not read, 8 KiB for every piece (seen: a gigabyte in seconds). With 16 MiB
 * it ends instead, which hangs up on that host.
 */
const COMMAND = `ulimit -d 16384; exec script -qfec '${WITHIN}' /dev/null`;

/** What a shell exits with when there is no such program. */
const NO_SUCH_PROGRAM = 127;

/**
 * Makes a pseudo-terminal. Its start takes real time, whatever clock the emulator has.
 * @param startMs How long that may take, in milliseconds.
 * @throws TransportError `missing-library` without the program `script`, `timeout`, or `io`.
 */
export function startTerminal(startMs: number = START_MS): Promise<Terminal> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', COMMAND], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // Out of our process group: script answers a Ctrl-C that is meant for us by not hanging up.
      detached: true,
      // script runs the command in $SHELL, which can be one with another grammar.
      env: { ...process.env, SHELL: '/bin/sh' },
    });
    const [output, input, errors] = child.stdio;
    const control = child.stdio[3] as Duplex;
    // A stream whose other end has gone says so by an error; that the child ends is all we need to know.
    for (const stream of [output, input, errors, control]) stream.on('error', () => {});

    let path = '';
    let complaint = '';
    let asked = false;
    const gone = new Promise<boolean>((ended) => child.once('close', () => ended(asked)));
    const hangUp = () => {
      if (asked) return;
      asked = true;
      control.destroy();
      // A process that waits for us to read or write cannot end.
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
    `the program "script" made no pseudo-terminal: check that /dev/ptmx can be opened (${complaint.trim() || 'it ended'})`,
  );
}
