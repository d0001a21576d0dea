import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const here = fileURLToPath(new URL('..', import.meta.url));

/**
 * The tests of a package import its sources as ../src/index.js. Here they import the installed package instead, so that
 * the same helpers test the package of a user.
 */
const installedPackages: Plugin = {
  name: 'installed packages',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/src\/index\.js$/ }, ({ importer }) => {
      const [, folder] = /\/packages\/([\w-]+)\/test\/[\w-]+\.ts$/.exec(importer) ?? [];
      return folder === undefined ? null : { path: `@bluetap/${folder}`, external: true };
    });
  },
};

/**
 * Bundles each file of test/windows/cases into one program in `folder`. The installed packages stay outside.
 * @returns The names of the programs, in the order of the alphabet.
 */
export async function bundleCases(folder: string): Promise<readonly string[]> {
  const files = readdirSync(join(here, 'cases')).filter((file) => file.endsWith('.cases.ts'));
  const entryPoints = [...files, 'reporter.ts'].map((file) => join(here, 'cases', file));
  await bundle({ entryPoints, outdir: folder, plugins: [installedPackages] });
  return files.map((file) => file.replace(/\.ts$/, '.mjs')).sort();
}

/** Bundles the server of COM ports into the program `file`, for Node on this machine. */
export async function bundleComPorts(file: string): Promise<void> {
  await bundle({ entryPoints: [join(here, 'com-ports/server.ts')], outfile: file });
}

function bundle(options: Parameters<typeof build>[0]): Promise<unknown> {
  return build({
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: 'inline',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
    ...options,
  });
}
