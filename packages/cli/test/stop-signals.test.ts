import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onStop } from '../src/stop-signals.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first signal stops, its echo through npm does nothing, and then nobody holds the next one back', () => {
  const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
  const stop = vi.fn();
  onStop(stop);
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGTERM', 'SIGTERM');
  expect(stop.mock.calls).toEqual([['SIGINT']]);
  vi.advanceTimersByTime(1000);
  expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before);
});

test('taken back, it leaves nothing', () => {
  const before = process.listenerCount('SIGINT');
  onStop(() => {})();
  expect(process.listenerCount('SIGINT')).toBe(before);
  expect(vi.getTimerCount()).toBe(0);
});
