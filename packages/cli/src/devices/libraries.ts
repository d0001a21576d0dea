import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LIBRARIES = [
  ['@bluetap/transport-hid', 'node-hid'],
  ['@bluetap/transport-usb', 'usb'],
  ['@bluetap/transport-serial', 'serialport'],
] as const;

/**
 * Returns the native libraries of the transports, each with its installed version: "node-hid 3.4.0". It loads no
 * library and never throws. A bundle contains no packages, so there the version is not found. The first `list` of a
 * transport shows whether the library works.
 * @param from The URL of the module from which the transports are found. A CommonJS bundle has no such URL.
 */
export function libraries(from: string | undefined = import.meta.url): readonly string[] {
  return LIBRARIES.map(([transport, library]) => {
    const start = from ?? pathToFileURL(process.argv[1] ?? 'bluetap.js').href;
    // The search starts at the transport, because a package of another program can be nearer to this file.
    const folder = packageFolder(start, transport);
    const near = folder === undefined ? start : pathToFileURL(join(folder, 'package.json')).href;
    return `${library} ${versionIn(packageFolder(near, library)) ?? '(no package found)'}`;
  });
}

/**
 * Returns the folder of a package, also if its `exports` hide its package.json. Undefined if Node would not find it.
 */
function packageFolder(from: string, name: string): string | undefined {
  try {
    const folders = createRequire(from).resolve.paths(name) ?? [];
    const found = folders.map((folder) => join(folder, name)).find((each) => existsSync(join(each, 'package.json')));
    // pnpm installs symbolic links. The dependencies of a package are beside the folder that the link names.
    return found && realpathSync(found);
  } catch {
    return undefined;
  }
}

function versionIn(folder: string | undefined): string | undefined {
  try {
    return folder && String(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version);
  } catch {
    return undefined;
  }
}
