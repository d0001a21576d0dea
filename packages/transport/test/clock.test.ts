import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../src/index.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('now counts milliseconds, and ignores changes of the wall clock', () => {
  const start = systemClock.now();
  vi.advanceTimersByTime(1500);
  vi.setSystemTime(0);
  expect(systemClock.now() - start).toBe(1500);
});

it('setTimeout calls back once, after its time', () => {
  const callback = vi.fn();
  systemClock.setTimeout(callback, 100);
  vi.advanceTimersByTime(99);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(callback).toHaveBeenCalledTimes(1);
});

it('clearTimeout cancels a timer, and accepts undefined or a timer that has fired', () => {
  const callback = vi.fn();
  const timer = systemClock.setTimeout(callback, 100);
  systemClock.clearTimeout(timer);
  vi.advanceTimersByTime(1000);
  expect(callback).not.toHaveBeenCalled();
  const fired = systemClock.setTimeout(() => {}, 1);
  vi.advanceTimersByTime(1);
  systemClock.clearTimeout(fired);
  systemClock.clearTimeout(undefined);
  expect(vi.getTimerCount()).toBe(0);
});
