// The entries of every published package, from the manifests, so that a new one cannot be forgotten.
import { join } from 'node:path';
import { readPackages, root } from '../../scripts/rules/read-packages.mjs';

/**
 * @typedef {object} Entry
 * @property {string} file its source
 * @property {string} name what an import says
 * @property {string} package the package that it belongs to
 */

// A POS programmer starts at the sdk, and then chooses how the bytes travel. What only a few people need comes last.
const order = [
  'sdk',
  'transport-hid',
  'transport-usb',
  'transport-serial',
  'transport-socket',
  'emulator',
  'transport',
];

/** @param {string} folder */
const rank = (folder) => (order.includes(folder) ? order.indexOf(folder) : order.length);

/** @returns {Entry[]} in the order in which a reader wants them */
export function readEntries() {
  return readPackages()
    .sort((a, b) => rank(a.folder) - rank(b.folder))
    .flatMap(({ folder, manifest }) =>
      sources(manifest.exports).map(([entry, source]) => ({
        file: join(root, 'packages', folder, source),
        name: `${manifest.name}${entry.slice(1)}`,
        package: manifest.name,
      })),
    );
}

/** @param {unknown} exports @returns {[string, string][]} each entry's name and its source; the command has no such entry */
function sources(exports) {
  return Object.entries(exports ?? {}).flatMap(([entry, target]) =>
    typeof target?.['@bluetap/source'] === 'string' ? [[entry, target['@bluetap/source']]] : [],
  );
}
