import type { Clock } from '../clock.js';

/** The end of a deadline, in a timer of its own: whether the program stood still is seen when it begins. */
const LAST_MS = 50;
/** How long a program that stood still has to read what came meanwhile: some turns of its event loop. */
const READING_MS = 100;
/** A program that stood still for less than this past the deadline is not told so. */
const WORTH_TELLING_MS = 100;

/**
 * Calls `onTimeUp` when `ms` milliseconds are over: the one place that decides when a late timer counts.
 *
 * A program that blocks its event loop finds its timers run out first, and reads what has waited in the system only
 * afterwards. So the time is not up before the program has had some turns to read, whenever the block ended: the last part of
 * a deadline is waited for in another timer, and one that had passed before that began is granted a moment more.
 * @param ms At most 2147483647.
 * @param onTimeUp Is told for how many milliseconds the program stood still past the deadline; 0 when it did not.
 * @returns The function that takes the deadline back. Idempotent.
 */
export function setDeadline(clock: Clock, ms: number, onTimeUp: (stoodStillMs: number) => void): () => void {
  const due = clock.now() + ms;
  const lastMs = Math.min(LAST_MS, Math.floor(ms / 2));
  const onLastPart = () => {
    const left = due - clock.now();
    const stoodStillMs = left <= -WORTH_TELLING_MS ? -left : 0;
    timer = clock.setTimeout(() => onTimeUp(stoodStillMs), left > 0 ? Math.min(left, lastMs) : READING_MS);
  };
  let timer = lastMs > 0 ? clock.setTimeout(onLastPart, ms - lastMs) : clock.setTimeout(() => onTimeUp(0), ms);
  return () => clock.clearTimeout(timer);
}

/** What a message about a time that was up says besides, where the program stood still; begins with "; ". */
export function stoodStill(ms: number): string {
  return ms > 0 ? `; this program stood still for ${Math.round(ms)} ms meanwhile` : '';
}
