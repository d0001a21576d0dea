import { describe, expect, test } from 'vitest';
import type { Bar, Chart } from '../src/charts/chart.js';
import { wrap } from '../src/charts/letters.js';
import { PALETTES, type Palette } from '../src/charts/palette.js';
import { svg } from '../src/charts/svg.js';
import { barsOf, type Drawn, linesOf, textsOf, wordsOf } from './read-svg.js';

const ours: Bar = { label: '@bluetap/protocol', value: 1, figure: '1.00 x', ours: true };
const fast: Bar = { label: 'fast', value: 1.5, figure: '1.50 x', ours: false, target: 2 };
const slow: Bar = {
  label: 'a <slow> & "old" peer with a long name',
  value: 3,
  figure: '3.00 x',
  ours: false,
  range: { lowest: 2.5, highest: 4, figure: '2.50 to 4.00' },
  target: 2,
};

const chart: Chart = {
  name: 'animals',
  title: 'Snails & others',
  note: 'Shorter is faster.',
  groups: [
    { heading: 'In the rain', target: 'at least 2 x', bars: [ours, fast, slow] },
    { heading: 'In the sun', bars: [{ ...ours, figure: '7.00 x', value: 7 }] },
  ],
  alt: '',
};
const drawn = svg(chart);
const at = (x: number, left: number, scale: number) => (x - left) / scale;

describe('the drawing', () => {
  const [first, , third, last] = barsOf(drawn) as [Drawn, Drawn, Drawn, Drawn];
  const scale = first.width;

  test('has a bar for each figure, in proportion and from one line on', () => {
    const bars = barsOf(drawn);
    expect(bars.map(({ style }) => style)).toEqual(['ours', 'other', 'other', 'ours']);
    for (const [index, value] of [1, 1.5, 3, 7].entries()) expect(bars[index]!.width / scale).toBeCloseTo(value, 1);
    expect(new Set(bars.map(({ x }) => x)).size).toBe(1);
  });

  test('has the target across the bars that have one, and no other', () => {
    const targets = linesOf(drawn, 'line target');
    expect(targets.map(({ x }) => Math.round(at(x, first.x, scale) * 10) / 10)).toEqual([2, 2]);
    expect(textsOf(drawn).map(({ text }) => text)).toContain('target: at least 2 x');
  });

  test('has a line from the lowest to the highest round', () => {
    const [range] = linesOf(drawn, 'line').filter(({ width }) => width > 0);
    expect(at(range!.x, first.x, scale)).toBeCloseTo(2.5, 1);
    expect(at(range!.x + range!.width, first.x, scale)).toBeCloseTo(4, 1);
  });

  test('has no text over a bar, a target or a range', () => {
    const figure = (text: string) => textsOf(drawn).find((each) => each.text === text)!;
    expect(figure('1.00 x').x).toBeGreaterThan(first.x + first.width);
    expect(figure('1.50 x').x).toBeGreaterThan(first.x + 2 * scale);
    expect(figure('3.00 x').x).toBeGreaterThan(first.x + 4 * scale);
    expect(figure('7.00 x').x).toBeGreaterThan(last.x + last.width);
    for (const { x } of textsOf(drawn).filter(({ style }) => style.startsWith('end '))) expect(x).toBeLessThan(third.x);
  });

  test('marks ours by bold letters too, where it stands beside others', () => {
    const bold = textsOf(drawn).filter(({ style }) => style.endsWith('bold'));
    expect(bold.map(({ text }) => text)).toEqual(['@bluetap/protocol', '1.00 x', '@bluetap/protocol', '7.00 x']);
    expect(svg({ ...chart, groups: [{ heading: 'Alone', bars: [ours] }] })).not.toContain(' bold"');
  });

  test('stays within its width', () => {
    for (const { x, width } of [...barsOf(drawn), ...linesOf(drawn, 'line')]) expect(x + width).toBeLessThan(520);
    expect(drawn).toMatch(/^<svg xmlns="[^"]+" width="520" height="(\d+)" viewBox="0 0 520 \1" role="img"/);
  });

  test('has no bar for a figure below zero', () => {
    const bars = [ours, { ...ours, value: -0.5, figure: '-0.5' }];
    const [one, less] = barsOf(svg({ ...chart, groups: [{ heading: 'Alone', bars }] }));
    expect(one!.width).toBeGreaterThan(100);
    expect(less).toEqual({ ...one, width: 0 });
  });

  test('breaks long texts between words', () => {
    expect(wrap('a word and another', 10, 60)).toEqual(['a word and', 'another']);
    expect(wrap('incomprehensibilities are whole', 10, 60)).toEqual(['incomprehensibilities', 'are whole']);
  });
});

describe('the words', () => {
  test('are title and description, with every figure', () => {
    expect(wordsOf(drawn)).toEqual({
      title: 'Snails & others',
      desc:
        'Shorter is faster. In the rain: @bluetap/protocol 1.00 x; fast 1.50 x; a <slow> & "old" peer with a long name ' +
        '3.00 x (rounds: 2.50 to 4.00). The target is at least 2 x. In the sun: @bluetap/protocol 7.00 x.',
    });
    expect(drawn).toContain('aria-labelledby="animals-title animals-description"');
  });

  test('are escaped', () => {
    expect(drawn).toContain('a &lt;slow&gt; &amp; &quot;old&quot; peer');
    expect(drawn).not.toContain('<slow>');
  });
});

describe('the file', () => {
  test('loads nothing and runs nothing', () => {
    expect(drawn.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /http|href|url\(|@import|<script|<image| on\w+=/,
    );
  });

  test('has the colours of both schemes', () => {
    const [light, dark] = drawn.split('@media (prefers-color-scheme: dark) {');
    for (const colour of Object.values(PALETTES.light)) expect(light).toContain(colour);
    for (const colour of Object.values(PALETTES.dark)) expect(dark).toContain(colour);
  });

  test.each(Object.entries(PALETTES))('has colours that can be told apart: %s', (_, palette: Palette) => {
    const { paper, text, note, line } = palette;
    for (const colour of [text, note]) expect(contrast(colour, paper)).toBeGreaterThanOrEqual(4.5);
    for (const bar of [palette.ours, palette.other]) {
      expect(contrast(bar, paper)).toBeGreaterThanOrEqual(3);
      expect(contrast(bar, line)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(line, paper)).toBeGreaterThanOrEqual(3);
  });

  test('is measured with the right contrast', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

/** The contrast of two colours as WCAG 2 defines it, from 1 to 21. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
