// The two languages: the Debian packages that each needs, and the commands of its library.
import { join } from 'node:path';
import { root } from '../../../scripts/rules/read-packages.mjs';

/** The folder of the client libraries. */
export const clients = join(root, 'clients');

/** The `bluetap` of this repository. */
export const bluetap = [process.execPath, join(root, 'packages/cli/dist/main.js')];

/** A language that has a client library. */
export type Language = 'python' | 'dotnet';

/** The Debian packages that the tests of each language need. */
export const debianPackages: Readonly<Record<Language, readonly string[]>> = {
  python: ['python3-hid', 'python3-pytest', 'python3-hypothesis', 'mypy', 'pyflakes3', 'python3-hatchling'],
  dotnet: ['mono-mcs', 'mono-runtime', 'libmono-posix4.0-cil', 'libmono-system-windows-forms4.0-cil'],
};

/** The command that each library brings. */
export const hosts: Readonly<Record<Language, readonly string[]>> = {
  python: ['/usr/bin/python3', '-m', 'bluetaplib'],
  dotnet: ['mono', join(clients, 'dotnet/bin/bluetap.exe')],
};
