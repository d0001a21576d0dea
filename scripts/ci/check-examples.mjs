// Runs every example as its reader does, with `npm start` and `npm test`. An example needs at least one of the two.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../rules/read-packages.mjs';
import { check } from './checks.mjs';

const home = join(root, 'examples');
const folders = existsSync(home)
  ? readdirSync(home).filter((name) => existsSync(join(home, name, 'package.json')))
  : [];
if (folders.length === 0) console.log('there are no examples yet');

for (const folder of folders) {
  const cwd = join(home, folder);
  const { scripts = {} } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  if (!scripts.start && !scripts.test)
    check(`examples/${folder}`, 'its package.json has no script "start" and no script "test": add one');
  for (const script of ['start', 'test']) {
    if (scripts[script] === undefined) continue;
    const { status, signal, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      // If an example waits, its reader waits too.
      timeout: 60_000,
    });
    const failed = status === 0 ? undefined : `exit code ${status ?? signal}\n${stdout}${stderr}`;
    check(`examples/${folder}: npm ${script}`, failed);
  }
}
