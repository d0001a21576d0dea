import { expect, test } from 'vitest';
import { columnOf, numberIn, tableOf, targetOf } from '../src/tables/look-up.js';
import { readSections } from '../src/tables/read-tables.js';
import { markdown, type Section, targetTable } from '../src/tables/table.js';

const speeds = { caption: 'In metres', head: ['', 'far', 'ratio'], rows: [['a snail', '3', '1.00 x']] };
const noises = { head: ['', 'loud'], rows: [['a snail', '']] };
const animals: Section = { title: 'Animals', tables: [speeds, noises] };
const targets = targetTable([{ name: 'speed', target: 1.5, value: 3, atMost: true }]);
const sections = [animals, targets];

test('tables that were printed are read again', () => {
  expect(readSections(`Node 20\n\n${sections.map(markdown).join('\n\n')}\n`)).toEqual(sections);
});

test('text and images around a table are left out', () => {
  const page = markdown(animals)
    .replace('In metres', 'Words.\n\n![A chart](a.svg)\n\nIn\nmetres\n\n![A chart](a.svg)')
    .concat('\n\nMore words.\n\n## Another\n\nWords.\n');
  expect(readSections(page)).toEqual([animals, { title: 'Another', tables: [] }]);
});

test('a table is found by its section and the start of its caption', () => {
  expect(tableOf(sections, 'Animals')).toBe(speeds);
  expect(tableOf(sections, 'Animals', 'In me')).toBe(speeds);
  expect(tableOf(sections, 'Plants')).toBeUndefined();
  expect(() => tableOf(sections, 'Animals', 'In feet')).toThrow('"Animals" has no table "In feet..."');
});

test('a cell is found by its column, and has one number', () => {
  expect(columnOf(speeds, 'ratio')).toBe(2);
  expect(() => columnOf(speeds, 'near')).toThrow('no column "near", only , far, ratio');
  expect(['2.54 x', '65.8 µs', 'at most 1000', '7', '-0.3'].map(numberIn)).toEqual([2.54, 65.8, 1000, 7, -0.3]);
  expect(() => numberIn('')).toThrow('"" where a number is expected');
});

test('a target is found by its name', () => {
  expect(targetOf(sections, 'speed')).toBe('at most 1.5');
  expect(targetOf(sections, 'weight')).toBeUndefined();
  expect(targetOf([animals], 'speed')).toBeUndefined();
});
