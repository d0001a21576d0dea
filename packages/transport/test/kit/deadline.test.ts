import { describe, expect, it } from 'vitest';
import { BlockedClock } from '../../src/conformance/blocked-clock.js';
import { setDeadline } from '../../src/kit/deadline.js';

function start() {
  const clock = new BlockedClock();
  const times: number[] = [];
  const cancel = setDeadline(clock, 1000, (stoodStillMs) => times.push(clock.now(), stoodStillMs));
  return { clock, times, cancel };
}

describe('a deadline', () => {
  it('is over at its time in a program that is not blocked', () => {
    const { clock, times } = start();
    clock.block(950);
    clock.block(49);
    expect(times).toEqual([]);
    clock.block(1);
    expect(times).toEqual([1000, 0]);
  });

  it.each([
    ['from before its last part', 900, 3000, 2900],
    ['that begins in its last part', 970, 2000, 1970],
    ['that begins in its last part and is short', 990, 60, 0],
  ])('lets a program read first after a block %s', (_when, before, ms, stoodStillMs) => {
    const { clock, times } = start();
    clock.block(Math.min(before, 950));
    clock.block(Math.max(before - 950, 0));
    clock.block(ms);
    expect(times).toEqual([]);
    clock.block(100);
    expect(times).toEqual([before + ms + 100, stoodStillMs]);
    expect(clock.pending).toBe(0);
  });

  it('of one millisecond is over when its timer fires', () => {
    const clock = new BlockedClock();
    const times: number[] = [];
    setDeadline(clock, 1, () => times.push(clock.now()));
    clock.block(500);
    expect(times).toEqual([500]);
  });

  it.each([0, 960, 1500])('is cancelled %i ms after its begin', (ms) => {
    const { clock, times, cancel } = start();
    clock.block(ms);
    cancel();
    clock.block(5000);
    expect(times).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
