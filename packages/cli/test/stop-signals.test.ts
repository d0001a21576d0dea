import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onStop } from '../src/process/stop-signals.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first signal stops, its copy from npm does nothing, and the next signal is not handled', () => {
  const count = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal));
  const before = count();
  const stop = vi.fn();
  onStop(stop);
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGTERM', 'SIGTERM');
  expect(stop.mock.calls).toEqual([['SIGINT']]);
  vi.advanceTimersByTime(1000);
  expect(count()).toEqual(before);
});

test('the returned function removes all listeners', () => {
  const before = process.listenerCount('SIGINT');
  onStop(() => {})();
  expect(process.listenerCount('SIGINT')).toBe(before);
  expect(vi.getTimerCount()).toBe(0);
});

test('SIGHUP stops the program like SIGTERM, but not under nohup (C-33)', () => {
  const stop = vi.fn();
  onStop(stop);
  process.emit('SIGHUP', 'SIGHUP');
  expect(stop.mock.calls).toEqual([['SIGHUP']]);
  vi.advanceTimersByTime(1000);

  vi.stubEnv('_', '/usr/bin/nohup');
  const off = onStop(stop);
  process.emit('SIGHUP', 'SIGHUP');
  process.emit('SIGHUP', 'SIGHUP');
  expect(stop).toHaveBeenCalledTimes(1);
  process.emit('SIGTERM', 'SIGTERM');
  expect(stop).toHaveBeenCalledTimes(2);
  off();
  vi.unstubAllEnvs();
});
