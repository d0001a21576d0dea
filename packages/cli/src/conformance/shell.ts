import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How a command of the shell ended. */
export interface ShellEnd {
  /** `too-late` and `too-much`: it was killed. `not-run`: the system could not start a shell. */
  readonly end: 'ended' | 'too-late' | 'too-much' | 'not-run';
  /** The exit code; null if a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it. */
  readonly signal: NodeJS.Signals | null;
  /** What it printed to stdout. */
  readonly stdout: string;
  /** The last line on its stderr that is not empty, at most LONGEST_LINE characters of it. Otherwise ''. */
  readonly lastLine: string;
}

/** More characters of output than this are a mistake, and must not fill the memory. */
const MOST_OUTPUT = 65_536;
const LONGEST_LINE = 200;

/** A program that the command left running can hold its output open. After the end, the rest is read for this time. */
const REST_MS = 500;

/** Windows has no process groups that a signal reaches. */
const GROUPS = process.platform !== 'win32';

/**
 * Runs a command line in the shell of the system, without stdin. Everything that it started is killed if it does not end
 * in time. A program that it left running on purpose stays.
 * @param limits `signal` kills it, and `tell` gets each line of its stderr.
 * @throws The reason of `signal`.
 */
export async function runShell(
  line: string,
  {
    signal,
    timeoutMs,
    tell,
  }: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly tell: (line: string) => void },
): Promise<ShellEnd> {
  signal.throwIfAborted();
  const child = spawn(line, { shell: true, detached: GROUPS, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const { stdout, stderr } = child;
  let printed = '';
  let lastLine = '';
  let end: ShellEnd['end'] = 'ended';
  const kill = (why: ShellEnd['end']) => {
    end = why;
    killAll(child);
  };
  let left = MOST_OUTPUT;
  const count = ({ length }: string) => {
    left -= length;
    if (left < 0) kill('too-much');
  };
  stdout.setEncoding('utf8').on('data', (text: string) => {
    count(text);
    if (left >= 0) printed += text;
  });
  stderr.setEncoding('utf8').on('data', count);
  createInterface({ input: stderr }).on('line', (text) => {
    if (text.trim() !== '') lastLine = text.trim().slice(0, LONGEST_LINE);
    tell(text.slice(0, LONGEST_LINE));
  });
  const timer = setTimeout(() => kill('too-late'), timeoutMs);
  const stop = () => killAll(child);
  signal.addEventListener('abort', stop);
  try {
    const { code, by } = await endOf(child);
    signal.throwIfAborted();
    return { end, code, signal: by, stdout: printed, lastLine };
  } catch (cause) {
    signal.throwIfAborted();
    return { end: 'not-run', code: null, signal: null, stdout: '', lastLine: (cause as Error).message };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stdout.destroy();
    stderr.destroy();
  }
}

/** Waits until the command ended and its output was read. Rejects if it could not be started. */
async function endOf(child: ChildProcess): Promise<{ code: number | null; by: NodeJS.Signals | null }> {
  const closed = once(child, 'close');
  closed.catch(() => {});
  const [code, by] = await once(child, 'exit');
  let timer: NodeJS.Timeout | undefined;
  const rest = new Promise((resolve) => {
    timer = setTimeout(resolve, REST_MS);
  });
  await Promise.race([closed, rest]);
  clearTimeout(timer);
  return { code, by };
}

function killAll(child: ChildProcess): void {
  if (!GROUPS || child.pid === undefined) {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
