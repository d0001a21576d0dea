import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEntries } from '../docs/api/entries.mjs';
import { readPackages } from '../scripts/rules/read-packages.mjs';

const entries = readEntries();

test('the API reference has every entry that a program can import', () => {
  const names = readPackages().flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((entry) => entry !== './package.json')
      .map((entry) => `${manifest.name}${entry.slice(1)}`),
  );
  expect(entries.map(({ name }) => name).sort()).toEqual(names.sort());
  expect(entries.filter(({ file }) => !existsSync(file))).toEqual([]);
});

test('the API reference begins with the sdk', () => {
  expect(entries.slice(0, 2).map(({ name }) => name)).toEqual(['@bluetap/sdk', '@bluetap/sdk/diagnostics']);
});
