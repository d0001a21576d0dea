import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chartsOf } from '../src/charts/charts-of.js';
import { svg } from '../src/charts/svg.js';
import { writeCharts } from '../src/charts/write.js';
import { readSections } from '../src/tables/read-tables.js';
import { textsOf, wordsOf } from './read-svg.js';

const DOCS = fileURLToPath(new URL('../../docs/explanation/', import.meta.url));
const page = readFileSync(join(DOCS, 'performance.md'), 'utf8');
const sections = readSections(page);
const AGAIN =
  'after a change: npm run bench -- --charts docs/explanation/charts --from docs/explanation/performance.md, and put ' +
  'the lines that it prints into the page';

/** The rows of the first table under a heading of the page, read without the code of the benchmark. */
function rowsUnder(heading: string): string[][] {
  const lines = page.split('\n');
  const below = lines.slice(lines.indexOf(`## ${heading}`) + 1);
  const table = below.slice(below.findIndex((line) => line.startsWith('|')));
  const rows = table.slice(2, table.indexOf(''));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const committed = (name: string) => readFileSync(join(DOCS, 'charts', `${name}.svg`), 'utf8');

describe('docs/explanation/charts', () => {
  test('has the charts of the page, and no others', () => {
    const names = chartsOf(sections).map(({ name }) => `${name}.svg`);
    expect(names).toEqual(['codec.svg', 'splitting.svg', 'start-up.svg', 'waiting.svg', 'kernel.svg']);
    expect(readdirSync(join(DOCS, 'charts')).toSorted()).toEqual(names.toSorted());
  });

  test.each(chartsOf(sections))('$name: is drawn from the tables of the page', (chart) => {
    expect(committed(chart.name), AGAIN).toBe(svg(chart));
    expect(page.split('\n'), AGAIN).toContain(`![${chart.alt}](charts/${chart.name}.svg)`);
  });

  test.each([
    { name: 'codec', heading: 'Encoding and decoding a PayCommand', rows: 6, columns: [3, 5] },
    { name: 'splitting', heading: 'Splitting a stream into frames', rows: 3, columns: [1, 3, 5] },
    { name: 'start-up', heading: 'Start-up', rows: 11, columns: [2] },
    { name: 'waiting', heading: 'Calls that wait', rows: 4, columns: [1, 2, 3] },
    { name: 'kernel', heading: 'Through a real kernel', rows: 9, columns: [3] },
  ])('$name: shows and tells every figure', ({ name, heading, rows, columns }) => {
    const table = rowsUnder(heading);
    expect(table).toHaveLength(rows);
    const figures = table.flatMap((row) => columns.map((column) => row[column]!)).filter((figure) => figure !== '');
    const texts = textsOf(committed(name));
    const shown = texts
      .filter(({ style }) => ['bold', 'regular'].includes(style))
      .map(({ text }) => text.replace(/ \(.*/, ''));
    expect(shown.toSorted()).toEqual(figures.toSorted());
    const { desc } = wordsOf(committed(name));
    for (const figure of figures) expect(desc).toContain(` ${figure}`);
  });

  test('the texts in the page have no figure that is not in the chart', () => {
    for (const { name, alt } of chartsOf(sections)) {
      const { desc } = wordsOf(committed(name));
      const figures = alt.match(/\d+\.\d+/g) ?? [];
      expect(figures.length).toBeGreaterThan(1);
      for (const figure of figures) expect(desc).toContain(figure);
    }
  });
});

describe('charts', () => {
  test('have the targets of the run', () => {
    const [codec, , startUp, waiting] = chartsOf(sections);
    expect(codec!.groups.map(({ target }) => target)).toEqual(['at least 2 x', 'at least 1.5 x']);
    expect(codec!.groups[1]!.bars.map(({ target }) => target)).toEqual([undefined, 1.5, 1.5, 1.5, 1.5, 1.5]);
    const bars = startUp!.groups.flatMap((group) => group.bars).filter(({ target }) => target !== undefined);
    expect(bars.map(({ label, target }) => [label, target])).toEqual([
      ['@bluetap/sdk', 10],
      ['bluetap pay --transport emulator', 60],
    ]);
    expect(waiting!.note).toContain('one of 20,000 costs at most 2 times as much as one of 1,000');
  });

  test('are without targets where the tables have none', () => {
    const [codec, , startUp, waiting] = chartsOf(sections.filter(({ title }) => title !== 'Targets'));
    for (const { groups } of [codec!, startUp!]) {
      expect(groups.map(({ target }) => target)).toEqual([undefined, undefined]);
      expect(groups.flatMap(({ bars }) => bars).filter(({ target }) => target !== undefined)).toEqual([]);
    }
    for (const { note, alt } of [codec!, startUp!, waiting!]) expect(note + alt).not.toContain('target');
  });

  test('are made of the sections that are there', () => {
    const some = sections.filter(({ title }) => title !== 'Through a real kernel' && title !== 'Start-up');
    expect(chartsOf(some).map(({ name }) => name)).toEqual(['codec', 'splitting', 'waiting']);
  });
});

describe('writeCharts', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'charts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('writes each chart and tells the lines that show them', () => {
    const lines = writeCharts(sections, join(folder, 'a/b'), folder);
    expect(lines.map((line) => /\]\((.*)\)$/.exec(line)?.[1])).toEqual(
      chartsOf(sections).map(({ name }) => `a/b/${name}.svg`),
    );
    expect(readFileSync(join(folder, 'a/b/codec.svg'), 'utf8')).toBe(svg(chartsOf(sections)[0]!));
  });

  test('says when there is nothing to show', () => {
    expect(() => writeCharts([], join(folder, 'c'), folder)).toThrow('no table that npm run bench prints');
  });
});
