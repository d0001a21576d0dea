import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Hook, HookAction } from '@bluetap/conformance';
import { note, styles } from '../output/output.js';
import { text } from '../output/text.js';
import { readNdef } from './ndef.js';

/** The time that a person has for one action, in milliseconds. A payment link of the run lives 30 s. */
export const ASK_MS = 25_000;

const REQUESTS: Readonly<Record<HookAction, string>> = {
  tap: 'Hold a phone at the device until it has read the tag. Then take the phone away.',
  fault: 'Break the NFC part of the device with its fault switch.',
  repair: 'Repair the NFC part of the device with its fault switch.',
  'power-cycle': 'Take the power from the device, wait two seconds, and give the power back.',
};

/**
 * Makes a hook that asks a person at the terminal. The prompt goes to stderr, and the answer comes from stdin. It asks no
 * more for an action that the person cannot do.
 * @throws Error from the hook: the person cannot do it, or has not answered in time.
 */
export function askingHook(timeoutMs = ASK_MS): Hook {
  const impossible = new Set<HookAction>();
  return async (action, signal) => {
    const refused = `The person at the terminal cannot do this: ${action}.`;
    if (impossible.has(action)) throw new Error(refused);
    const more = action === 'tap' ? ', or type the NDEF message in hex, or "none" if the phone has read nothing' : '';
    const help = `When it is done, press Enter${more}. If it is not possible, type n.`;
    note(text`${styles('stderr').bold(REQUESTS[action])} ${help} (${timeoutMs / 1000} s)`);
    const late = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const answer = await nextLine(AbortSignal.any([signal, late])).catch((cause: unknown) => {
        signal.throwIfAborted();
        if (late.aborted) throw new Error(`The person at the terminal has not answered within ${timeoutMs / 1000} s.`);
        throw cause;
      });
      if (/^no?$/i.test(answer.trim())) {
        impossible.add(action);
        throw new Error(refused);
      }
      if (action !== 'tap') return {};
      try {
        return { ndef: readNdef(answer) };
      } catch (cause) {
        note(text`This is no NDEF message in hex: ${(cause as Error).message}. Type it again.`);
      }
    }
  };
}

/** Returns the next line of stdin. @throws The reason of `signal`; Error at the end of stdin. */
async function nextLine(signal: AbortSignal): Promise<string> {
  // Without `terminal`, the terminal itself edits the line, and Ctrl-C stays a signal for the whole program.
  const lines = createInterface({ input: process.stdin, terminal: false });
  const ended = new AbortController();
  lines.once('close', () => ended.abort(new Error('The terminal was closed.')));
  try {
    const [line] = await once(lines, 'line', { signal: AbortSignal.any([signal, ended.signal]) });
    return String(line);
  } catch (cause) {
    signal.throwIfAborted();
    ended.signal.throwIfAborted();
    throw cause;
  } finally {
    lines.close();
  }
}
