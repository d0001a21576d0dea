import { type Clock, systemClock } from '../clock.js';

/**
 * Real time, but `times` times as fast. Use it to test a transport that lists devices once a second. Pass it to the
 * transport, and not to the suite.
 */
export function fastClock(times: number): Clock {
  return {
    now: () => systemClock.now() * times,
    setTimeout: (callback, ms) => systemClock.setTimeout(callback, ms / times),
    clearTimeout: (timer) => systemClock.clearTimeout(timer),
  };
}
