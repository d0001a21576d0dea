import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../scripts/rules/read-packages.mjs';
import { nameComplaints, oldNames, wordComplaints } from '../scripts/rules/words.mjs';
import { filesOf, readPage } from './docs/markdown.js';

/** Files that name the old words on purpose. */
const TELLS = ['docs/glossary.md', 'docs/guides/upgrading.md', 'scripts/rules/words.mjs', 'test/words.test.ts'];

/** Names with the same meaning in each transport: how it opens, and how it converts the errors of its library. */
const ALIKE = ['openChannel', 'openError', 'channelError', 'LIBRARY'];

describe('docs/glossary.md', () => {
  it('has no word that code, messages and pages must not use', () => {
    const files = filesOf('*.ts', '*.tsx', '*.mjs', '*.md', '*.json', '*.sh', '*.pml', '*.py', '*.yml').filter(
      (file) => !TELLS.includes(file) && existsSync(join(root, file)),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap((file) => wordComplaints(file, readPage(file)))).toEqual([]);
  });

  it('an exported name has one meaning', () => {
    const files = filesOf('packages/*/src/*.ts', 'packages/*/src/**/*.ts').filter((file) =>
      existsSync(join(root, file)),
    );
    expect(files.length).toBeGreaterThan(150);
    expect(nameComplaints(Object.fromEntries(files.map((file) => [file, readPage(file)])), ALIKE)).toEqual([]);
  });
});

describe('the rules can fail', () => {
  it.each(Object.keys(oldNames))('%s', (word) => {
    expect(wordComplaints('a.ts', `const a: ${word};\n`)).toEqual([expect.stringContaining(`a.ts:1 says "${word}"`)]);
  });

  it('a phrase, also across the end of a line', () => {
    expect(wordComplaints('a.ts', '/** a\n * live\n * link */')).toEqual([expect.stringMatching('says "live link"')]);
    expect(wordComplaints('a.md', 'the live payment link, `--link-template` and LINK')).toEqual([]);
  });

  it('two meanings', () => {
    const files = { 'a.ts': 'export type A = 1;\nexport const A = 1;\n', 'b.ts': 'export interface A {}\n' };
    expect(nameComplaints(files, [])).toEqual([expect.stringContaining('A is exported by a.ts and b.ts')]);
    expect(nameComplaints(files, ['A'])).toEqual([]);
    expect(nameComplaints({ 'a.ts': files['a.ts'] }, [])).toEqual([]);
  });
});
