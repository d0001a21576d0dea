import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/rules/read-packages.mjs';
import { anchorsOf, filesOf, linksOf, pages, readPage } from './markdown.js';

/** This page does not exist yet. CHANGELOG.md says that the first change that needs the page will add it. */
const COMING = 'docs/guides/upgrading.md';

/** Returns the problem of a hyperlink in a page, or undefined. It checks only hyperlinks into this repository. */
function complaint(page: string, link: string, text: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, '');
  if (!existsSync(join(root, target))) return `${page}: ${link} leads to no file`;
  if (anchor === undefined) return undefined;
  const folder = statSync(join(root, target)).isDirectory();
  const there = target === page ? text : readPage(folder ? join(target, 'README.md') : target);
  return anchorsOf(there).includes(anchor) ? undefined : `${page}: ${link} leads to no heading`;
}

describe('links', () => {
  it('of every page lead to an existing file, and to an existing heading', () => {
    const found = pages().flatMap((page) => {
      const text = readPage(page);
      return linksOf(text).map((link) => complaint(page, link, text));
    });
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter((each) => each !== undefined)).toEqual([]);
  });

  it('the test finds broken links', () => {
    expect(complaint('README.md', 'docs/none.md', '')).toContain('no file');
    expect(complaint('README.md', 'docs/protocol.md#none', '')).toContain('no heading');
    expect(complaint('README.md', '#a-b', '# A, `b`!\n')).toBeUndefined();
  });

  it('without a hyperlink: every source file that the architecture names exists', () => {
    const text = readPage('docs/explanation/architecture.md');
    const named = [...text.matchAll(/(?<![\w/-])(sdk|protocol|emulator|transport)\/([\w/-]+\.ts)/g)];
    expect(named.length).toBeGreaterThan(10);
    const missing = named.filter(([, folder, file]) => !existsSync(join(root, 'packages', folder!, 'src', file!)));
    expect(missing.map(([path]) => path)).toEqual([]);
  });

  it('without a hyperlink: every page of docs that a file names exists', () => {
    const tracked = filesOf('*.md', '*.ts', '*.mjs', '*.json').filter((path) => !path.endsWith('links.test.ts'));
    const named = tracked.flatMap((page) =>
      [...readPage(page).matchAll(/(?<![\w/])docs\/[\w/-]+\.md/g)].map(([path]) => ({ page, path })),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ path }) => path !== COMING && !existsSync(join(root, path)))).toEqual([]);
  });
});
