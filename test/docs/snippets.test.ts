import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { readTree, root } from '../../scripts/rules/read-packages.mjs';
import { blocksOf, pages, readPage } from './markdown.js';

const snippets = pages().flatMap((page) =>
  blocksOf(readPage(page))
    .filter(({ language }) => language === 'js' || language === 'ts')
    .map(({ language, text }, at) => ({ what: `${page}, ${language} block ${at + 1}`, text })),
);

/**
 * Returns the source of an entry of a package, and the source of each file whose exports it passes on with `export *`.
 */
function sourceOf(specifier: string): string {
  const [, folder = '', entry = ''] = /^@bluetap\/([\w-]+)(.*)$/.exec(specifier) ?? [];
  const at = join(root, 'packages', folder);
  const manifest = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
  const file = join(at, manifest.exports[`.${entry}`]['@bluetap/source']);
  const text = readFileSync(file, 'utf8');
  const whole = [...text.matchAll(/^export \* from '(.+)\.js';$/gm)];
  return [text, ...whole.map(([, path]) => readFileSync(join(dirname(file), `${path}.ts`), 'utf8'))].join('\n');
}

it('docs/guides/jest-and-commonjs.md excludes exactly the native libraries from a bundle (C-21)', () => {
  const loaded = ['hid', 'usb', 'serial'].flatMap((name) =>
    Object.values(readTree(join(root, `packages/transport-${name}`), 'src', /\.ts$/)).flatMap((text) =>
      [...text.matchAll(/await import\('([^'.]+)'\)/g)].map(([, library]) => library!),
    ),
  );
  const page = readPage('docs/guides/jest-and-commonjs.md');
  const external = [...page.matchAll(/--external:([\w-]+)/g)].map(([, library]) => library!);
  const webpack = [...page.matchAll(/'import ([\w-]+)'/g)].map(([, library]) => library!);
  expect(external.toSorted()).toEqual(loaded.toSorted());
  expect(webpack.toSorted()).toEqual(loaded.toSorted());
});

describe('the JavaScript and TypeScript of every page', () => {
  it('can be parsed', async () => {
    expect(snippets.length).toBeGreaterThan(20);
    const parsed = snippets.map(async ({ what, text }) =>
      transform(text, { loader: 'ts', format: 'esm', logLevel: 'silent' }).then(
        () => [],
        (error: Error) => [`${what}: ${error.message}`],
      ),
    );
    expect((await Promise.all(parsed)).flat()).toEqual([]);
  });

  it('imports only names that the packages export', async () => {
    const wrong: string[] = [];
    let looked = 0;
    for (const { what, text } of snippets) {
      for (const [, names, specifier] of text.matchAll(/import (?:type )?\{([^}]*)\} from '(@bluetap\/[\w/-]+)'/g)) {
        const exported = sourceOf(specifier!);
        for (const name of names!.split(',').map((each) => each.trim().replace(/^type /, ''))) {
          looked++;
          if (name !== '' && !new RegExp(`\\b${name}\\b`).test(exported))
            wrong.push(`${what}: ${name} of ${specifier}`);
        }
      }
    }
    expect(looked).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });
});
