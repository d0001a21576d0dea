import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { leftBehind } from '../src/leaks/left-behind.js';
import { soak } from '../src/leaks/soak.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

it('100,000 calls leave no timer, no entry in a collection, and a heap that does not grow', {
  timeout: 300_000,
}, async () => {
  // On a busy machine, much is compiled late. It would count as growth.
  await soak(30_000, 30_000, collect);
  const counts = await soak(100_000, 10_000, collect);
  const closed = counts.pop();
  expect(closed?.timers).toBe(0);
  for (const { left, timers } of counts) {
    expect(left).toEqual([]);
    expect(timers).toBeLessThanOrEqual(1);
  }
  // The first counts contain what is loaded and compiled later. 80,000 calls that keep 8 bytes each would show.
  const [early, late] = [counts.slice(2, 6), counts.slice(6)].map((some) => Math.min(...some.map(({ heap }) => heap)));
  expect(late! - early!).toBeLessThan(400_000);
});

it('a collection that grows is found, also behind private properties', () => {
  class Inner {
    readonly #calls = new Set<number>();
    add(call: number): void {
      this.#calls.add(call);
    }
  }
  class Outer {
    readonly #inner = new Inner();
    call(number: number): void {
      this.#inner.add(number);
    }
  }
  const outer = new Outer();
  expect(leftBehind(outer)).toEqual([]);
  for (let number = 0; number < 20; number++) outer.call(number);
  expect(leftBehind(outer)).toEqual(['20 entries in Outer.#inner.#calls']);
});
