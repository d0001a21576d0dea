import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowLayout } from '../../src/model/row-layout.js';

const rows = (count: number) => Array.from({ length: count }, (_, key) => ({ key }));

describe('the window', () => {
  it('of an empty list is empty', () => {
    expect(new RowLayout(30).windowOf([], 0, 600, 100)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
  });

  it('has the rows in sight and a few more', () => {
    expect(new RowLayout(10).windowOf(rows(1000), 500, 100, 20)).toEqual({
      first: 48,
      end: 63,
      before: 480,
      after: 9370,
    });
  });

  it('of 20,000 rows is small at each place', () => {
    const layout = new RowLayout(31);
    const many = rows(20_000);
    for (const top of [0, 1, 300_000, 619_400]) {
      const { first, end } = layout.windowOf(many, top, 600, 240);
      expect(end - first).toBeLessThan(40);
    }
  });

  it('and the space around it are as high as all rows, and it covers what is in sight', () => {
    const heights = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 });
    const place = fc.integer({ min: -100, max: 8000 });
    fc.assert(
      fc.property(heights, place, fc.integer({ min: 1, max: 900 }), (given, top, height) => {
        const layout = new RowLayout(31);
        for (const [key, each] of given.entries()) if (key % 3 !== 0) layout.measured(key, each);
        const all = rows(given.length);
        const { first, end, before, after } = layout.windowOf(all, top, height, 0);
        const shown = all.slice(first, end).reduce((sum, { key }) => {
          const { top: from, bottom } = layout.placeOf(all, key);
          return sum + bottom - from;
        }, 0);
        expect(before + shown + after).toBe(layout.heightOf(all));
        for (const { key } of all) {
          const { top: from, bottom } = layout.placeOf(all, key);
          if (bottom > top && from < top + height) expect(key >= first && key < end).toBe(true);
        }
      }),
    );
  });
});

describe('a height', () => {
  it('counts when it is another one', () => {
    const layout = new RowLayout(30);
    expect(layout.measured(1, 30.2)).toBe(false);
    expect(layout.measured(1, 60)).toBe(true);
    expect(layout.measured(1, 60)).toBe(false);
    expect(layout.heightOf(rows(3))).toBe(120);
    layout.forget();
    expect(layout.heightOf(rows(3))).toBe(90);
  });

  it('counts in a list whose places are known', () => {
    const layout = new RowLayout(30);
    const all = rows(3);
    expect(layout.heightOf(all)).toBe(90);
    layout.measured(0, 50);
    expect(layout.placeOf(all, 1)).toEqual({ top: 50, bottom: 80 });
  });
});
