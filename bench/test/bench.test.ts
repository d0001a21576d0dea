import { expect, test } from 'vitest';
import { bestOf, measure, median } from '../src/side-by-side.js';
import { isMet, markdown, targetTable } from '../src/tables/table.js';

test('the ratio of a contender compares it with the first contender, within a round', () => {
  const turns: string[] = [];
  const work = (name: string) => ({ name, run: () => turns.push(name) });
  const [first, second] = measure([work('ours'), work('peer')], 1, 8, 0);
  expect(turns).toEqual(Array.from({ length: 8 }, () => ['ours', 'peer']).flat());
  expect(first).toMatchObject({ name: 'ours', ratio: 1 });
  expect(second!.ratio).toBeGreaterThan(0);
});

test('the median is the middle value, or the mean of the two middle values', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 100])).toBe(3);
});

test('the best peer has the smallest ratio', () => {
  const peer = (ratio: number) => ({ name: '', ns: 0, ratio });
  expect(bestOf([peer(1), peer(4), peer(2.5), peer(3)])).toBe(2.5);
});

test('a target is met if the value equals its bound', () => {
  expect(isMet({ name: '', target: 2, value: 2 })).toBe(true);
  expect(isMet({ name: '', target: 2, value: 1.99 })).toBe(false);
  expect(isMet({ name: '', target: 2, value: 1.99, atMost: true })).toBe(true);
  expect(isMet({ name: '', target: 2, value: 2.01, atMost: true })).toBe(false);
});

test('the columns of a table are aligned', () => {
  expect(
    markdown(
      targetTable([
        { name: 'speed', target: 2, value: 1.5 },
        { name: 'lost', target: 0, value: 0, atMost: true },
      ]),
    ),
  ).toBe(
    `## Targets

|       |     target | measured |        |
|-------|-----------:|---------:|-------:|
| speed | at least 2 |     1.50 | MISSED |
| lost  |  at most 0 |        0 |    met |`,
  );
});
