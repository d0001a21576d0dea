// Reads packages/* from the disk and returns the data that the rules check.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** @returns {Array<import('./imports.mjs').Package>} */
export function readPackages() {
  return readdirSync(join(root, 'packages'))
    .filter((folder) => existsSync(join(root, 'packages', folder, 'package.json')))
    .map((folder) => {
      const at = join(root, 'packages', folder);
      const manifest = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      return { folder, manifest, files: { ...readTree(at, 'src'), ...readTree(at, 'test') } };
    });
}

/**
 * @param {string} base
 * @param {string} folder
 * @param {RegExp} wanted
 * @returns {Record<string, string>} the content of each file by its path relative to `base`, with forward slashes
 */
export function readTree(base, folder, wanted = /\.[cm]?[jt]sx?$/) {
  if (!existsSync(join(base, folder))) return {};
  const paths = readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [relative(base, path).split(sep).join('/'), readFileSync(path, 'utf8')]),
  );
}
