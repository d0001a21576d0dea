import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BOUNDS, boundInWords } from './bounds-in-words.js';
import { configurations, omissions } from './check-lists.js';
import { Promela } from './promela.js';

const model = new Promela(new URL('../delivery.pml', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The cells of the rows of the table that has this header. */
function table(header: string): readonly (readonly string[])[] {
  const [, after = ''] = readme.split(`\n| ${header} |`);
  const [, ...rows] = (/^\n((?:\|.*\n)+)/.exec(after)?.[1] ?? '').trim().split('\n');
  return rows.map((row) => {
    const cells = row.split('|').slice(1, -1);
    return cells.map((cell) => cell.trim());
  });
}

describe('the bounds in README.md', () => {
  it('are the bounds of check.sh for each configuration', () => {
    const inWords = configurations().map(({ name, bounds }) => [
      name,
      [...bounds].map(([bound, value]) => boundInWords(bound, value)).join(', '),
    ]);
    expect(table('configuration | bounds')).toEqual(inWords);
  });

  it('are the default bounds of delivery.pml', () => {
    const [, list = ''] = /The default bounds are:\n\n((?:- .*\n)+)/.exec(readme) ?? [];
    const listed = list
      .trim()
      .split('\n')
      .map((line) => line.slice(2));
    const defaults = BOUNDS.filter((name) => name !== 'B_CONNECTION' && model.constant(name) > 0);
    expect(listed).toEqual(defaults.map((name) => boundInWords(name, model.constant(name))));
  });

  it('include every bound that delivery.pml has', () => {
    const switches = [...model.text.matchAll(/^#ifndef (\w+)\n#define \1 /gm)].map(([, name]) => name);
    expect([...switches].sort()).toEqual([...BOUNDS].sort());
  });
});

describe('the results in README.md', () => {
  const rows = table('configuration | states | depth | seconds | result');

  it('have each configuration of check.sh, in its order', () => {
    expect(rows.map(([name]) => name)).toEqual(configurations().map(({ name }) => name));
  });

  it('say which searches visit every state', () => {
    const exhaustive = rows.filter(([, , , , result]) => result === 'exhaustive, no error').map(([name]) => name);
    expect(exhaustive).toEqual(configurations().flatMap(({ name, exhaustive: all }) => (all ? [name] : [])));
  });
});

describe('the omissions', () => {
  it('are the same in README.md and in check.sh', () => {
    const rows = table('omission | what is different | found in | broken properties | states until then');
    expect(rows.map(([name, , configuration]) => [name, configuration])).toEqual(omissions());
  });

  it('are the switches of delivery.pml', () => {
    const switches = new Set(model.text.match(/\bMUTANT_\w+/g));
    expect([...switches].sort()).toEqual(
      omissions()
        .map(([name]) => name)
        .sort(),
    );
  });

  it('are each found in an exhaustive configuration', () => {
    const exhaustive = new Set(configurations().flatMap(({ name, exhaustive: all }) => (all ? [name] : [])));
    expect(omissions().filter(([, configuration]) => !exhaustive.has(configuration))).toEqual([]);
  });
});
