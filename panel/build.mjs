// node panel/build.mjs [--silent] [page] [playground]: builds the page of the control service and the playground. Without a
// name it builds both. It prints the size of each file. `most` is the maximum size of all files of a target together,
// gzipped, in bytes.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');

/** The sources, the folder and the maximum size of each target. The playground contains the SDK and the emulator. */
export const TARGETS = {
  page: { from: join(here, 'src/page'), to: join(root, 'packages/control/page'), name: 'page', most: 60_000 },
  playground: {
    from: join(here, 'src/playground'),
    to: join(root, 'dist/playground'),
    name: 'playground',
    most: 80_000,
  },
};

/**
 * Builds one target.
 * @param {keyof typeof TARGETS} target
 * @returns {Promise<{ file: string, bytes: number, gzipped: number }[]>} what was written
 */
export async function buildTarget(target) {
  const { from, to, name } = TARGETS[target];
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  await build({
    entryPoints: [
      { in: join(from, 'main.tsx'), out: name },
      { in: join(here, 'src/styles/index.css'), out: name },
    ],
    outdir: to,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    // The page is built from the sources, so nothing must be compiled first.
    conditions: ['@bluetap/source'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  });
  copyFileSync(join(from, 'index.html'), join(to, 'index.html'));
  return ['index.html', `${name}.js`, `${name}.css`].map((file) => weigh(join(to, file)));
}

/** @param {string} file */
function weigh(file) {
  const bytes = readFileSync(file);
  return { file, bytes: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

/**
 * @param {keyof typeof TARGETS} target
 * @param {(line: string) => void} print gets the sizes
 * @returns {Promise<boolean>} false if it is too large
 */
export async function buildAndTell(target, print = console.log) {
  const files = await buildTarget(target);
  let all = 0;
  for (const { file, bytes, gzipped } of files) {
    all += gzipped;
    print(`${relative(root, file).padEnd(40)} ${String(bytes).padStart(8)} bytes, ${gzipped} gzipped`);
  }
  const { most } = TARGETS[target];
  print(`${target}: ${all} bytes gzipped, at most ${most} are allowed`);
  if (all <= most) return true;
  console.error(`The ${target} is too large.`);
  return false;
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === 'build.mjs') {
  const given = process.argv.slice(2).filter((each) => each !== '--silent');
  const print = process.argv.includes('--silent') ? () => {} : console.log;
  const wrong = given.find((each) => !Object.hasOwn(TARGETS, each));
  if (wrong !== undefined) {
    console.error(`there is no target ${wrong}: these are ${Object.keys(TARGETS).join(', ')}`);
    process.exit(2);
  }
  const targets = /** @type {(keyof typeof TARGETS)[]} */ (given.length > 0 ? given : Object.keys(TARGETS));
  for (const target of targets) if (!(await buildAndTell(target, print))) process.exitCode = 1;
}
