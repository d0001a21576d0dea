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
 * The libraries under the transports, each with the version that is installed: "node-hid 3.4.0". Loads none of them and never
 * throws. In a bundle there is no package to look at; whether a library is in it is known when its transport lists.
 * @param from The module from which the transports are found, as a URL. In a bundle of CommonJS there is no such URL.
 */
export function libraries(from: string | undefined = import.meta.url): readonly string[] {
  return LIBRARIES.map(([transport, library]) => {
    const start = from ?? pathToFileURL(process.argv[1] ?? 'bluetap.js').href;
    // As the transport finds it: another program's may stand nearer to this file.
    const folder = packageFolder(start, transport);
    const near = folder === undefined ? start : pathToFileURL(join(folder, 'package.json')).href;
    return `${library} ${versionIn(packageFolder(near, library)) ?? '(no package found)'}`;
  });
}

/** Where Node would look for a package, whatever its `exports` let out; undefined where it is not. */
function packageFolder(from: string, name: string): string | undefined {
  try {
    const folders = createRequire(from).resolve.paths(name) ?? [];
    const found = folders.map((folder) => join(folder, name)).find((each) => existsSync(join(each, 'package.json')));
    // Behind a symbolic link of pnpm its dependencies stand elsewhere.
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
