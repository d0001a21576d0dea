import type { VirtualClock } from '@bluetap/emulator';

/** Moves a virtual clock on until a promise has settled. */
export async function inVirtualTime<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  while (!settled) await clock.advance(1);
  return promise;
}
