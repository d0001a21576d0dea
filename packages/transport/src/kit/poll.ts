import type { Clock } from '../clock.js';
import { callBack } from './call-back.js';

/** Shorter intervals slow down the devices. */
const POLL_MS = 1000;

/**
 * Calls `look` immediately and then once a second. Calls `onChange` when the result differs from the result before. A
 * `look` that fails is not a change. The next `look` waits until the one before has settled, and there is no time
 * limit. An error of `onChange` is ignored, and the next change is reported as usual.
 * @param look Returns a string for the present state, or undefined if it cannot look now.
 * @returns The function that stops the polling.
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
      // The first look counts too, because a change can have happened before it.
      if (seen !== last) callBack(onChange, () => {});
      last = seen;
    }
    timer = clock.setTimeout(() => void turn(), POLL_MS);
    // A watch must not keep the program running.
    (timer as { unref?: () => void }).unref?.();
  };
  void turn();
  return () => {
    stopped = true;
    clock.clearTimeout(timer);
  };
}
