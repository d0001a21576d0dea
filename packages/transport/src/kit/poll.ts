import type { Clock } from '../clock.js';
import { callBack } from './call-back.js';

/** Looking more often slows the devices down. */
const POLL_MS = 1000;

/**
 * Looks at once and then once a second, and calls `onChange` when what it sees is not what it saw before. A look that fails
 * sees no change; the next one waits for it, however long it takes. What `onChange` throws is dropped: the call promises nothing, and the
 * next one comes all the same.
 * @param look What is there now, as a text; undefined: this is no moment to look.
 * @returns The function that stops it.
 */
export function pollForChanges(
  clock: Clock,
  look: () => Promise<string | undefined>,
  onChange: () => void,
): () => void {
  let stopped = false;
  let last: string | undefined;
  let timer: unknown;
  const turn = async (): Promise<void> => {
    const seen = await look().catch(() => undefined);
    if (stopped) return;
    if (seen !== undefined) {
      // The first look too: what changed before it is worth a call.
      if (seen !== last) callBack(onChange, () => {});
      last = seen;
    }
    timer = clock.setTimeout(() => void turn(), POLL_MS);
    // A watch is no reason for a program to go on.
    (timer as { unref?: () => void }).unref?.();
  };
  void turn();
  return () => {
    stopped = true;
    clock.clearTimeout(timer);
  };
}
