// Prepares the tree on a machine that has only Node and npm. If pnpm-lock.yaml changed, it installs the dependencies of
// that file. Then it compiles the changed files. It prints only on stderr, so that the stdout of the next program stays
// clean.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const oldest = manifest.engines.node.replace('>=', '');
if (!isAtLeast(process.versions.node, oldest)) {
  console.error(`BlueTap needs Node ${oldest} or later; this is Node ${process.versions.node}.`);
  process.exit(1);
}

const TSC = 'node_modules/typescript/bin/tsc';

/** The page of the control service, and the sources that it is built from. */
const PAGE = 'packages/control/page/page.js';
const PAGE_SOURCES = ['panel/src', 'packages/emulator/src', 'packages/protocol/src', 'packages/transport/src'];

// Two commands that run at the same time must not install or compile into each other's files.
withLock(join(root, '.prepare.lock'), prepare, useAsItIs);

function prepare() {
  if (!isInstalled()) install();
  // If nothing has changed, this takes about as long as a start of Node.
  if (run(process.execPath, [TSC, '-b']) !== 0) process.exit(1);
  if (!isPageBuilt() && run(process.execPath, ['panel/build.mjs', '--silent', 'page']) !== 0) process.exit(1);
}

/** Accepts a tree that is read-only or belongs to another user, if there is nothing to install or to compile. */
function useAsItIs() {
  if (!isInstalled()) refuse('its dependencies are not those of pnpm-lock.yaml');
  const { stdout } = spawnSync(process.execPath, [TSC, '-b', '--dry'], { cwd: root, encoding: 'utf8' });
  if (!stdout || /would build/.test(stdout)) refuse('it is not compiled, or has changed since');
  if (!isPageBuilt()) refuse('its page is not built, or has changed since');
}

/** @param {string} why */
function refuse(why) {
  console.error(
    `BlueTap: this user may not write in ${root}, and ${why}. Run "npm run build" there as its owner, or copy the folder.`,
  );
  process.exit(1);
}

function isInstalled() {
  return read('node_modules/.pnpm/lock.yaml') === read('pnpm-lock.yaml');
}

function isPageBuilt() {
  if (!existsSync(join(root, PAGE))) return false;
  const built = statSync(join(root, PAGE)).mtimeMs;
  return PAGE_SOURCES.every((folder) => newest(join(root, folder)) <= built);
}

/**
 * Returns the time of the last change of a file in a folder, in milliseconds.
 * @param {string} folder
 * @returns {number}
 */
function newest(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

function install() {
  console.error('Installing dependencies (once, and again when pnpm-lock.yaml changes) ...');
  const pnpm = ['exec', '--yes', `--package=${manifest.packageManager}`, '--', 'pnpm', 'install', '--frozen-lockfile'];
  // On Windows npm is a script, which only a shell can start.
  const status = run('npm', pnpm, process.platform === 'win32');
  if (status === 0) return;
  console.error(
    `The dependencies could not be installed (exit code ${status}). Connect to the network and try again. Later starts need no network.`,
  );
  process.exit(1);
}

/** @param {string} command @param {string[]} args */
function run(command, args, shell = false) {
  const stdio = /** @type {const} */ (['ignore', 2, 2]);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: [...stdio], shell });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** @param {string} file */
function read(file) {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;
}

/** @param {string} version @param {string} minimum */
function isAtLeast(version, minimum) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantMajor = 0, wantMinor = 0] = minimum.split('.').map(Number);
  return major > wantMajor || (major === wantMajor && minor >= wantMinor);
}
