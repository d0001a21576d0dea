import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The files of the page, by their paths in the address. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
  '/openapi.json': { file: '../openapi.json', type: 'application/json' },
};

/** Returns a file of the page, or undefined if there is none at that path. */
export async function pageFile(
  path: string,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string } | undefined> {
  const found = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!found) return undefined;
  const bytes = await readFile(fileURLToPath(new URL(`../page/${found.file}`, import.meta.url)));
  return { bytes: new Uint8Array(bytes), type: found.type };
}
