import { expect, it, vi } from 'vitest';
import { pollForChanges } from '../../src/kit/index.js';
import { ManualClock } from './manual-clock.js';

it('reports the first look and then each change, once a second, but not if it cannot look and not after its end', async () => {
  const clock = new ManualClock();
  let told = 0;
  let seen: string | undefined = 'a';
  const stop = pollForChanges(
    clock,
    async () => {
      if (seen === 'broken') throw new Error('no USB');
      return seen;
    },
    () => told++,
  );
  await clock.advance(0);
  expect(told).toBe(1);
  await clock.advance(5000);
  expect(told).toBe(1);
  for (const next of ['b', 'broken', undefined, 'b']) {
    seen = next;
    await clock.advance(1000);
  }
  expect(told).toBe(2);
  seen = 'c';
  stop();
  await clock.advance(5000);
  expect(told).toBe(2);
  expect(clock.pending).toBe(0);
});

it('a watch that was stopped during a look makes no more calls', async () => {
  const clock = new ManualClock();
  let told = 0;
  const stop = pollForChanges(
    clock,
    async () => 'a',
    () => told++,
  );
  stop();
  await clock.advance(5000);
  expect(told).toBe(0);
  expect(clock.pending).toBe(0);
});

it('an onChange that throws or rejects is called again (C-1)', async () => {
  const clock = new ManualClock();
  let seen = 0;
  const onChange = vi.fn((): void | Promise<void> => {
    if (seen === 1) throw new Error('synchronous');
    return Promise.reject(new Error('later'));
  });
  const stop = pollForChanges(clock, async () => String(++seen), onChange as () => void);
  await clock.advance(3000);
  stop();
  expect(onChange).toHaveBeenCalledTimes(4);
});
