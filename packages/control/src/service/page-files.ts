import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of this package. In the repository and where it is published, this file is in another folder of it. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve('@bluetap/control/package.json'));

/** The files of the page, by their paths in the address. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'page/index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page/page.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { file: 'page/page.css', type: 'text/css; charset=utf-8' },
  '/openapi.json': { file: 'openapi.json', type: 'application/json' },
};

/** Returns a file of the page, or undefined if there is none at that path. */
export async function pageFile(
  path: string,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string } | undefined> {
  const found = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!found) return undefined;
  const bytes = await readFile(join(PACKAGE, found.file));
  return { bytes: new Uint8Array(bytes), type: found.type };
}
