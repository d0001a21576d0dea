// Run by turbo in one package's folder: makes of what was compiled one file for each entry that is published, in bundle/. A
// program that imports a package then opens one file instead of thirty. What entries have in common is a file that they
// share: a class that stood in each of them would be two classes. Other packages, ours too, stay outside for the same reason.
import { readFileSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { build } from 'esbuild';

const { bin, exports = {}, publishConfig } = JSON.parse(readFileSync('package.json', 'utf8'));

/** What an entry is in the repository, and what it is to be where the package is published. */
const entries = [
  ...Object.keys(exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => [exports[entry].default, publishConfig.exports[entry].default]),
  ...Object.keys(bin ?? {}).map((name) => [bin[name], publishConfig.bin[name]]),
];

rmSync('bundle', { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(
    entries.map(([from, to]) => [posix.relative('bundle', to).replace(/\.js$/, ''), from]),
  ),
  outdir: 'bundle',
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  packages: 'external',
  format: 'esm',
  platform: 'neutral',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
});
