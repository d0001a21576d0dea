import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';

/** True if this system has the program that makes pseudo-terminals. */
export const havePty = spawnSync('script', ['-qfec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;

const WITHIN = 'stty raw -echo && tty >&3 && exec cat <&3 >/dev/null';

/** The far end of a pseudo-terminal. */
export interface Terminal {
  /** The path of the end that a host opens. */
  readonly path: string;
  /** Writes bytes to the host. Resolves also if the bytes are lost. */
  write(bytes: Uint8Array): Promise<void>;
  /** From now on, nothing reads what the host writes. */
  pause(): void;
  resume(): void;
  /** Resolves when the terminal has hung up. Its path then disappears. */
  hangUp(): Promise<void>;
}

/** A pseudo-terminal whose far end is this process. The program `script` makes it. */
export async function openTerminal(received: (bytes: Uint8Array) => void): Promise<Terminal> {
  const child = spawn('script', ['-qfec', WITHIN, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, SHELL: '/bin/sh' },
  }) as unknown as ChildProcessByStdio<Writable, Readable, null>;
  const control = (child.stdio as unknown as Duplex[])[3]!;
  const { stdin, stdout } = child;
  for (const stream of [stdin, stdout, control]) stream.on('error', () => {});
  const [text] = (await once(control, 'data')) as [Buffer];
  const path = text.toString().trim();
  stdout.on('data', (bytes: Buffer) => received(Uint8Array.from(bytes)));
  const gone = once(child, 'close');
  return {
    path,
    write: (bytes) =>
      new Promise((resolve) => {
        // Bytes that the terminal no longer accepts are lost, as at an unplug.
        if (stdin.writable) stdin.write(bytes, () => resolve());
        else resolve();
      }),
    // The program `script` buffers unread bytes without limit, so `pause` stops this program.
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async hangUp() {
      control.destroy();
      // A program that waits for this process to read or write cannot end.
      stdout.destroy();
      stdin.destroy();
      child.kill('SIGKILL');
      await gone;
    },
  };
}
