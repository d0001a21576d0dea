// Turbo runs this program in the folder of one package. The program bundles the compiled code into bundle/, one file
// for each published entry. A program that imports the package then opens one file instead of thirty. Code that several
// entries use goes into a file that they share, because a class that is in two files would be two classes. Other
// packages stay outside of the bundle for the same reason, also our own packages.
import { readFileSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { build } from 'esbuild';

const { bin, exports = {}, publishConfig } = JSON.parse(readFileSync('package.json', 'utf8'));

/** For each entry: its file in the repository, and its file in the published package. */
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
