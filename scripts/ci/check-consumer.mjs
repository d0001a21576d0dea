// Tests the packages as a new user gets them. It installs every tarball in an empty folder outside of the repository.
// Then it imports, requires and type-checks every entry there. Each entry gets only what it promises to need.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNodeModule, reachableImports } from '../rules/imports.mjs';
import { platformOf, scope } from '../rules/layout.mjs';
import { readTree, root } from '../rules/read-packages.mjs';
import { packageNameOf } from '../rules/source.mjs';
import { check } from './checks.mjs';
import { npmInstall, runIn, tarballs } from './packed.mjs';

const folders = readdirSync(join(root, 'packages'));
const packed = tarballs();

const home = mkdtempSync(join(tmpdir(), 'bluetap-consumer-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const place = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(home, name), text);

place('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
const installed = npmInstall(home, ...packed);
check(`npm install of ${packed.length} tarballs in an empty folder`, installed);
if (installed) process.exit(1);

const packages = folders.map((folder) => {
  const at = join(home, 'node_modules', scope, folder);
  return { folder, at, manifest: JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) };
});
const entries = packages.flatMap(({ folder, at, manifest }) =>
  Object.entries(manifest.exports ?? {})
    .filter(([entry]) => entry !== './package.json')
    .map(([entry, target]) => ({
      specifier: manifest.name + entry.slice(1),
      platform: platformOf(folder, entry),
      at,
      files: [target.default, target.types].map((file) => file.replace(/^\.\//, '')),
    })),
);

for (const { specifier } of entries) {
  const load = (/** @type {string} */ how) =>
    `const all = ${how}; if (Object.keys(all).length === 0) throw new Error('empty')`;
  check(`import ${specifier}`, node('--input-type=module', '-e', load(`await import('${specifier}')`)));
  check(`require ${specifier}`, node('--input-type=commonjs', '-e', load(`require('${specifier}')`)));
}
for (const { at, manifest } of packages)
  for (const [name, file] of Object.entries(manifest.bin ?? {}))
    check(`${name} --help`, node(join(at, file), '--help'));

for (const { specifier, platform, at, files } of entries)
  if (platform !== 'node') check(`${specifier} reaches no Node module`, nodeModulesReachedBy(at, files));

// The first checks run without @types/node. With @types/node, a package that needs it by mistake would pass.
const disposable = ['ES2023', 'ESNext.Disposable'];
checkTypes('with the language alone', ['pure'], { lib: disposable, types: [] });
checkTypes('in a browser project', ['pure', 'browser'], { lib: [...disposable, 'DOM'], types: [] });
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
check('npm install of @types/node', npmInstall(home, `@types/node@${devDependencies['@types/node']}`));
checkTypes('in a Node project', ['pure', 'browser', 'node'], { lib: disposable, types: ['node'] });
checkStrictUse();

/**
 * @param {string} title
 * @param {Array<import('../rules/layout.mjs').Platform>} platforms
 * @param {{ lib: string[], types: string[] }} options
 */
function checkTypes(title, platforms, options) {
  const specifiers = entries.filter(({ platform }) => platforms.includes(platform)).map(({ specifier }) => specifier);
  const use = `export const all = [${specifiers.map((_, index) => `e${index}`)}];\n`;
  place('esm.mts', specifiers.map((name, index) => `import * as e${index} from '${name}';\n`).join('') + use);
  place('cjs.cts', specifiers.map((name, index) => `import e${index} = require('${name}');\n`).join('') + use);
  const compilerOptions = { module: 'nodenext', strict: true, noEmit: true, skipLibCheck: false, ...options };
  place('tsconfig.json', JSON.stringify({ compilerOptions, files: ['esm.mts', 'cjs.cts'] }));
  check(
    `types of ${specifiers.length} entries ${title}`,
    node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'),
  );
}

/**
 * Checks the types with the further options that `tsc --init` turns on. The program passes values that may be
 * undefined, and narrows a result.
 */
function checkStrictUse() {
  place('strict.mts', readFileSync(join(root, 'packages/cli/test/strict-use.ts'), 'utf8'));
  const compilerOptions = {
    ...{ target: 'esnext', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: false, types: ['node'] },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
  };
  place('tsconfig.json', JSON.stringify({ compilerOptions, files: ['strict.mts'] }));
  check(
    'types in a program with exactOptionalPropertyTypes',
    node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'),
  );
}

/**
 * Returns the imports through which an entry reaches Node. Such an entry may import the main entries of our packages,
 * so only their entries for Node count.
 * @param {string} at
 * @param {string[]} files
 */
function nodeModulesReachedBy(at, files) {
  // A declaration imports './x.js' for its neighbour './x.d.ts', so each declaration gets the name of its code.
  const declarations = Object.entries(readTree(at, 'dist', /\.d\.ts$/)).map(([file, text]) => [codeOf(file), text]);
  const text = { ...readTree(at, 'bundle', /\.js$/), ...Object.fromEntries(declarations) };
  const found = files.flatMap((file) => reachableImports(codeOf(file), text));
  return found
    .filter(([, specifier]) => isNodeModule(specifier) || isNodeEntry(specifier))
    .map(([file, specifier]) => `${file} imports ${specifier}`)
    .join('\n');
}

/** @param {string} file */
function codeOf(file) {
  return file.replace(/\.d\.ts$/, '.js');
}

/** @param {string} specifier */
function isNodeEntry(specifier) {
  const name = packageNameOf(specifier);
  const entry = `.${specifier.slice(name.length)}`;
  return name.startsWith(scope) && platformOf(name.slice(scope.length), entry) === 'node';
}

/** @param {string[]} args */
function node(...args) {
  return runIn(home, process.execPath, args);
}
