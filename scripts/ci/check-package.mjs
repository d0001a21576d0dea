// Turbo runs this program in the folder of one package. The program packs the package as for publication. It checks the
// tarball as a package manager, Node and TypeScript read it. The tarball stays in .pack/ for
// scripts/ci/check-consumer.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../rules/read-packages.mjs';

rmSync('.pack', { recursive: true, force: true });
run('pnpm', ['pack', '--pack-destination', '.pack']);
const tarball = join('.pack', readdirSync('.pack')[0] ?? '');
run(process.execPath, [bin('publint'), 'run', tarball, '--strict']);
// A package without entries, such as the command, has no types that could be wrong.
if (JSON.parse(readFileSync('package.json', 'utf8')).exports !== undefined)
  run(process.execPath, [bin('@arethetypeswrong/cli'), tarball, '--profile', 'esm-only']);

/** Returns the path of the script that a tool's command runs. @param {string} name */
function bin(name) {
  const at = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
  const file = join(at, typeof bin === 'string' ? bin : String(Object.values(bin)[0]));
  if (!existsSync(file)) throw new Error(`${name} is not installed`);
  return file;
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(1);
}
