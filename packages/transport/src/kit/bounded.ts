import type { Clock } from '../clock.js';
import type { TransportError } from '../transport-error.js';
import { setDeadline } from './deadline.js';

/** How long a call may take, and what happens to an answer that comes too late. */
export interface Bounds<T> {
  /** Measures the time. */
  readonly clock: Clock;
  /** How long to wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Makes the error for when the time is up; gets the milliseconds for which this program stood still, or 0. */
  readonly timedOut: (stoodStillMs: number) => TransportError;
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Gets what came after the waiting had ended: a device that opened late has to be closed again. */
  readonly onLate?: ((late: T) => unknown) | undefined;
}

/**
 * Waits for a call into a library that may hang, throw at once, or answer too late. An answer that waits while this program
 * stands still is not too late. After an abort it still waits, within the
 * time, so that nothing is left open behind a rejection; what comes after that goes to `onLate`, a late rejection nowhere.
 * @throws what `work` throws, the error of `timedOut`, or the signal's reason. `work` is not begun when that was aborted.
 */
export async function bounded<T>(
  work: () => T | Promise<T>,
  { clock, timeoutMs, timedOut, signal, onLate }: Bounds<T>,
): Promise<T> {
  signal?.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    let waiting = true;
    const takeBack = setDeadline(clock, timeoutMs, (stoodStillMs) => {
      waiting = false;
      reject(signal?.aborted ? signal.reason : timedOut(stoodStillMs));
    });
    const settle = async (result: () => T): Promise<void> => {
      try {
        const value = result();
        if (waiting && !signal?.aborted) return resolve(value);
        await onLate?.(value);
        signal?.throwIfAborted();
      } catch (error) {
        // Once the time was up this settles nothing any more.
        reject(signal?.aborted ? signal.reason : error);
      } finally {
        takeBack();
      }
    };
    // In a function of its own, so that what is thrown at once is a rejection too.
    void (async () => work())().then(
      (value) => settle(() => value),
      (error) =>
        settle(() => {
          throw error;
        }),
    );
  });
}
