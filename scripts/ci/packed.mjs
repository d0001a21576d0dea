// The packed packages, and how a user installs them. `npm run check:packages` packs them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../rules/read-packages.mjs';

/** Returns the paths of the tarballs, one for each package. */
export function tarballs() {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    const at = join(root, 'packages', folder, '.pack');
    return readdirSync(at).map((name) => join(at, name));
  });
}

/**
 * Installs packages in the folder of a user.
 * @param {string} home
 * @param {string[]} what packages, and options of `npm install`
 * @returns Undefined if npm succeeds, otherwise the error and the output.
 */
export function npmInstall(home, ...what) {
  return runIn(home, 'npm', ['install', '--no-audit', '--no-fund', ...what]);
}

/**
 * Runs a program in the folder of a user.
 * @param {string} home
 * @param {string} command
 * @param {string[]} args
 * @returns Undefined if the program succeeds, otherwise the error and the output.
 */
export function runIn(home, command, args) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: home,
    encoding: 'utf8',
    shell,
    timeout: 120_000,
  });
  return status === 0 ? undefined : `${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`;
}
