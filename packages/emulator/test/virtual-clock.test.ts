import { VirtualClock } from '@bluetap/emulator';
import { expect, test } from 'vitest';

test('timers fire in order of due time, then in the order of setting, and see their due time', async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  const set = (name: string, ms: number) => clock.setTimeout(() => fired.push(`${name} at ${clock.now()}`), ms);
  set('late', 20);
  set('first', 10);
  set('second', 10);
  set('immediate', 0);
  clock.clearTimeout(set('never', 5));
  clock.clearTimeout(undefined);
  expect(clock.pending).toBe(4);
  await clock.advance(15);
  expect(fired).toEqual(['immediate at 1', 'first at 10', 'second at 10']);
  expect([clock.now(), clock.pending]).toEqual([15, 1]);
  await clock.advance(5);
  expect(fired.at(-1)).toBe('late at 20');
});

test('promises settle before, between and after timers', async () => {
  const clock = new VirtualClock();
  const seen: number[] = [];
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  void (async () => {
    for (let turn = 0; turn < 20; turn++) await undefined;
    for (let at = 0; at < 3; at++) {
      await sleep(10);
      seen.push(clock.now());
    }
  })();
  await clock.advance(30);
  expect(seen).toEqual([10, 20, 30]);
});

test('two advances at the same time never set the time back', async () => {
  const clock = new VirtualClock();
  await Promise.all([clock.advance(100), clock.advance(10)]);
  expect(clock.now()).toBe(100);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('advance(%d) is refused', async (ms) => {
  await expect(new VirtualClock().advance(ms)).rejects.toThrow(RangeError);
});

test.each([2147483648, Number.NaN])(
  'a timer of %d ms is refused, because a real timer would fire immediately',
  (ms) => {
    expect(() => new VirtualClock().setTimeout(() => {}, ms)).toThrow(RangeError);
  },
);
