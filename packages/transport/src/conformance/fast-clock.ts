import { type Clock, systemClock } from '../clock.js';

/**
 * Real time, `times` as fast: for the test of a transport that looks around once a second. Give it to the transport, and not
 * to the suite.
 */
export function fastClock(times: number): Clock {
  return {
    now: () => systemClock.now() * times,
    setTimeout: (callback, ms) => systemClock.setTimeout(callback, ms / times),
    clearTimeout: (timer) => systemClock.clearTimeout(timer),
  };
}
