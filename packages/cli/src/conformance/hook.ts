import type { Hook } from '@bluetap/conformance';
import { printable, show } from '@bluetap/transport/kit';
import { readNdef } from './ndef.js';
import { runShell, type ShellEnd } from './shell.js';

/** The time that a hook has for one action, in milliseconds. */
export const HOOK_MS = 30_000;

/**
 * Makes a hook of a command for the shell. The action is one more argument at its end: `COMMAND tap`. The command has the
 * environment of this program. For a tap, `readNdef` reads what it prints; for other actions, nothing is read.
 * @param tell Gets each line that the command prints to stderr.
 * @throws Error from the hook: a command that fails, does not end in time, or prints something else than it should. The
 * message says which.
 */
export function shellHook(command: string, tell: (line: string) => void, timeoutMs = HOOK_MS): Hook {
  return async (action, signal) => {
    const line = `${command} ${action}`;
    const named = `The hook ${printable(JSON.stringify(line))}`;
    const ended = await runShell(line, { signal, timeoutMs, tell });
    const problem = problemOf(ended, timeoutMs);
    if (problem !== undefined) throw new Error(`${named} ${problem}.`);
    if (action !== 'tap') return {};
    try {
      return { ndef: readNdef(ended.stdout) };
    } catch (cause) {
      const printed = show(ended.stdout.trim());
      const rule = 'It must print the NDEF message in hex, or nothing';
      throw new Error(`${named} printed ${printed}: ${(cause as Error).message}. ${rule}.`, { cause });
    }
  };
}

function problemOf({ end, code, signal, lastLine }: ShellEnd, timeoutMs: number): string | undefined {
  const said = lastLine === '' ? '' : `: ${printable(lastLine)}`;
  switch (end) {
    case 'too-late':
      return `did not end within ${timeoutMs / 1000} s, so it was killed${said}`;
    case 'too-much':
      return 'printed more than 64 KiB, so it was killed';
    case 'not-run':
      return `could not be run${said}`;
    case 'ended':
      if (code === 0) return undefined;
      return code === null ? `was ended by ${signal}${said}` : `failed with exit code ${code}${said}`;
  }
}
