// Checks one package against scripts/rules/layout.mjs. Pure: takes packages as data, and returns
// complaints as sentences.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { placeOf, platformOf, scope } from './layout.mjs';
import { importsOf, packageNameOf } from './source.mjs';

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, unknown>} [exports]
 *
 * @typedef {object} Package
 * @property {string} folder the name of its folder in packages/
 * @property {Manifest} manifest
 * @property {Readonly<Record<string, string>>} files source text by path inside of the package, such as 'src/index.ts'
 */

/** @param {string} specifier */
export const isNodeModule = (specifier) => specifier.startsWith('node:') || builtinModules.includes(specifier);

/** Returns the packages that are installed with a package. @param {Manifest} manifest */
const installedWith = (manifest) =>
  Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies });

/**
 * @param {Package} pkg
 * @param {readonly Package[]} all
 * @returns {string[]}
 */
export function importComplaints(pkg, all) {
  const place = placeOf(pkg.folder);
  if (place === undefined) return [`packages/${pkg.folder} has no place in scripts/rules/layout.mjs`];
  const installed = installedWith(pkg.manifest);
  const complaints = installed
    .filter((name) => place.dependencyFree || !mayImport(place, name))
    .map((name) => `packages/${pkg.folder}/package.json must not depend on ${name}`);
  for (const [file, text] of Object.entries(pkg.files)) {
    const where = `packages/${pkg.folder}/${file}`;
    const isSource = file.startsWith('src/');
    for (const specifier of importsOf(text)) {
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(file), specifier);
        if (target.startsWith('../')) complaints.push(`${where} reaches out of its package with ${specifier}`);
        else if (isSource && !target.startsWith('src/') && !target.endsWith('package.json'))
          complaints.push(`${where} reaches out of src with ${specifier}`);
      } else if (!isNodeModule(specifier)) {
        const name = packageNameOf(specifier);
        if (isSource && !mayImport(place, name)) complaints.push(`${where} must not import ${name}`);
        else if (isSource && name !== pkg.manifest.name && !installed.includes(name))
          complaints.push(`${where} imports ${name}, which its package.json does not depend on`);
        if (!isEntry(specifier, all))
          complaints.push(`${where} imports ${specifier}, which is not an entry of ${name}`);
      }
    }
  }
  return complaints;
}

/** @param {import('./layout.mjs').Place} place @param {string} name */
function mayImport(place, name) {
  return !name.startsWith(scope) || place.mayImport === 'all' || place.mayImport.includes(name.slice(scope.length));
}

/**
 * True if our package has this entry. Always true for a package that is not ours, because it protects its own entries.
 * @param {string} specifier
 * @param {readonly Package[]} all
 */
function isEntry(specifier, all) {
  const name = packageNameOf(specifier);
  if (!name.startsWith(scope)) return true;
  const owner = all.find((pkg) => pkg.manifest.name === name);
  return owner?.manifest.exports !== undefined && `.${specifier.slice(name.length)}` in owner.manifest.exports;
}

/**
 * Finds imports of Node in files that an entry reaches inside of its package. Only an entry that needs Node may do
 * this.
 * @param {Package} pkg
 * @returns {string[]}
 */
export function platformComplaints(pkg) {
  const complaints = [];
  for (const [entry, target] of Object.entries(pkg.manifest.exports ?? {})) {
    if (platformOf(pkg.folder, entry) === 'node' || entry === './package.json') continue;
    const start = /** @type {Record<string, string>} */ (target)['@bluetap/source']?.slice(2) ?? '';
    if (pkg.files[start] === undefined) complaints.push(`${pkg.manifest.name} has no source for its entry ${entry}`);
    for (const [file, specifier] of reachableImports(start, pkg.files))
      if (isNodeModule(specifier))
        complaints.push(`packages/${pkg.folder}/${file} imports ${specifier} and is part of the entry ${entry}`);
  }
  return complaints;
}

/**
 * Returns every [file, specifier] pair that a file reaches through relative imports.
 * @param {string} start
 * @param {Readonly<Record<string, string>>} files
 * @returns {Array<[string, string]>}
 */
export function reachableImports(start, files) {
  /** @type {Array<[string, string]>} */
  const found = [];
  const seen = new Set([start]);
  for (const file of seen) {
    for (const specifier of importsOf(files[file] ?? '')) {
      found.push([file, specifier]);
      if (!specifier.startsWith('.')) continue;
      const target = posix.join(posix.dirname(file), specifier);
      // A source file imports './x.js' for x.ts.
      seen.add(target in files ? target : target.replace(/\.js$/, '.ts'));
    }
  }
  return found;
}
