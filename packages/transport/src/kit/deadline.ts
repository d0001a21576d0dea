import type { Clock } from '../clock.js';

/** A timer that comes so much later than it was set for says that the program stood still, and not that time was up. */
const LATE_MS = 100;
/** How long a program that stood still has to read what came meanwhile: some turns of its event loop. */
const READING_MS = 100;

/**
 * Calls `onTimeUp` when `ms` milliseconds are over: the one place that decides when a late timer counts.
 *
 * A program that blocks its event loop finds its timers run out first, and reads what has waited in the system only
 * afterwards. So a timer that is late does not count before what waits has been read once.
 * @param ms At most 2147483647.
 * @param onTimeUp Is told for how many milliseconds the program stood still; 0 when it did not.
 * @returns The function that takes the deadline back. Idempotent.
 */
export function setDeadline(clock: Clock, ms: number, onTimeUp: (stoodStillMs: number) => void): () => void {
  const due = clock.now() + ms;
  let timer = clock.setTimeout(() => {
    const late = clock.now() - due;
    if (late < LATE_MS) onTimeUp(0);
    else timer = clock.setTimeout(() => onTimeUp(late), READING_MS);
  }, ms);
  return () => clock.clearTimeout(timer);
}

/** What a message about a time that was up says besides, where the program stood still; begins with "; ". */
export function stoodStill(ms: number): string {
  return ms > 0 ? `; this program stood still for ${Math.round(ms)} ms meanwhile` : '';
}
