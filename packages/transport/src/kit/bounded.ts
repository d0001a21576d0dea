import type { Clock } from '../clock.js';
import type { TransportError } from '../transport-error.js';
import { setDeadline } from './deadline.js';

/** The time limit of a call, and the handling of an answer that comes too late. */
export interface Bounds<T> {
  /** Measures the time. */
  readonly clock: Clock;
  /** How long to wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Makes the error for a call that took too long. Gets how long this program was blocked, in milliseconds, or 0. */
  readonly timedOut: (stoodStillMs: number) => TransportError;
  /** If it is aborted, the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Gets an answer that came too late. For example, it closes a device that opened late. */
  readonly onLate?: ((late: T) => unknown) | undefined;
}

/**
 * Waits for a call into a library that can hang, throw synchronously, or answer too late. An answer that comes while
 * this program is blocked is not too late. After an abort, `bounded` still waits until the call has settled or the time
 * is over, so that no device stays open after a rejection. An answer after the abort or after the time goes to
 * `onLate`. A late rejection is ignored.
 * @throws the error that `work` throws, the error of `timedOut`, or the reason of the signal. If the signal was aborted
 * before, `work` is not called.
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
        // After the time is over, this call has no effect.
        reject(signal?.aborted ? signal.reason : error);
      } finally {
        takeBack();
      }
    };
    // The async function turns an error that `work` throws synchronously into a rejection.
    void (async () => work())().then(
      (value) => settle(() => value),
      (error) =>
        settle(() => {
          throw error;
        }),
    );
  });
}
