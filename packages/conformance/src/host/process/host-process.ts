import { type ChildProcess, spawn } from 'node:child_process';

/** Why a process was killed. */
export type Killed = 'time' | 'output' | 'stopped';

/** How a process of the host ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Present if this program killed it. */
  readonly killed?: Killed | undefined;
  /** Present if it could not be started. */
  readonly startError?: Error | undefined;
}

/** How long the output of a process that has ended is waited for. A process that it left behind can hold it open. */
const DRAIN_MS = 300;

/** The process, and what was wrong at its start. */
interface Started {
  readonly child?: ChildProcess | undefined;
  readonly error?: Error | undefined;
}

/**
 * One process of the host. It is the leader of a process group, so that a process that it starts and leaves behind ends
 * with it.
 */
export class HostProcess {
  /** The process. Undefined if it could not be started. */
  readonly child: ChildProcess | undefined;
  /** Resolves when the process has ended and its output was read. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  #killed: Killed | undefined;

  /** @param stdin True if the host reads calls from its stdin. */
  constructor(command: readonly string[], transport: string, stdin: boolean) {
    const { child, error } = start(command, transport, stdin);
    this.child = child;
    this.ended = child ? this.#end(child) : Promise.resolve({ exitCode: null, signal: null, startError: error });
  }

  /** Ends the process and all that it has started. Does nothing if it has ended. */
  kill(why: Killed): void {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.#killed ??= why;
    killGroup(this.child);
  }

  async #end(child: ChildProcess): Promise<ProcessEnd> {
    let startError: Error | undefined;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        if (child.pid !== undefined) return;
        startError = error;
        resolve();
      });
    });
    if (!startError) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        closed,
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, DRAIN_MS);
        }),
      ]);
      clearTimeout(timer);
      killGroup(child);
    }
    for (const stream of child.stdio) stream?.destroy();
    return { exitCode: child.exitCode, signal: child.signalCode, killed: this.#killed, startError };
  }
}

function start([program = '', ...args]: readonly string[], transport: string, stdin: boolean): Started {
  try {
    const child = spawn(program, args, {
      stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, BLUETAP_TRANSPORT: transport },
      // A process group of its own. On Windows this would open a window.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    // A host that ends early closes its stdin.
    child.stdin?.on('error', () => {});
    // A later error, such as a kill that failed, must not end this program.
    child.on('error', () => {});
    return { child };
  } catch (error) {
    return { error: error as Error };
  }
}

function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty: everything has ended.
  }
}
