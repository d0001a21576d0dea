import type { Clock } from '../clock.js';

/**
 * The last part of a deadline, in milliseconds. It has a separate timer, which shows whether the program was blocked.
 */
const LAST_MS = 50;
/** The time that a blocked program gets to read the bytes that wait: some turns of its event loop. */
const READING_MS = 100;
/** If the program was blocked for less than this past the deadline, the error does not mention the block. */
const WORTH_TELLING_MS = 100;
/** A timer that fires later than this shows that the program was blocked. A busy system is late by less. */
const LATE_MS = 10;

/**
 * Calls `onTimeUp` when `ms` milliseconds are over. This is the only place that decides when a late timer counts.
 *
 * If a program blocks its event loop, its timers fire first. Only then it reads the bytes that wait in the system. So
 * the time is not over before the program has had some turns to read, even if the block ended after the deadline. For
 * this, the last part of a deadline has a second timer. If the deadline passed before the second timer starts, or if the
 * second timer is late, the program gets a short extra time.
 * @param ms At most 2147483647.
 * @param onTimeUp Gets how many milliseconds the program was blocked past the deadline. 0 if it was not blocked.
 * @returns The function that cancels the deadline. Idempotent.
 */
export function setDeadline(clock: Clock, ms: number, onTimeUp: (stoodStillMs: number) => void): () => void {
  const due = clock.now() + ms;
  const lastMs = Math.min(LAST_MS, Math.floor(ms / 2));
  const readFirst = (lateMs: number) => {
    const stoodStillMs = lateMs >= WORTH_TELLING_MS ? lateMs : 0;
    timer = clock.setTimeout(() => onTimeUp(stoodStillMs), READING_MS);
  };
  const onLastPart = () => {
    const left = due - clock.now();
    if (left > 0) timer = clock.setTimeout(onDue, Math.min(left, lastMs));
    else readFirst(-left);
  };
  const onDue = () => {
    const lateMs = clock.now() - due;
    if (lateMs > LATE_MS) readFirst(lateMs);
    else onTimeUp(0);
  };
  // A deadline of one millisecond has no last part.
  let timer = lastMs > 0 ? clock.setTimeout(onLastPart, ms - lastMs) : clock.setTimeout(() => onTimeUp(0), ms);
  return () => clock.clearTimeout(timer);
}

/** The text that a message about a timeout adds if the program was blocked. It begins with "; ". */
export function stoodStill(ms: number): string {
  return ms > 0 ? `; this program was blocked for ${Math.round(ms)} ms` : '';
}
