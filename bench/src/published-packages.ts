import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGES = join(ROOT, 'packages');

/**
 * Calls `work` with a folder in which our packages are installed as published: bundled. Deletes the folder afterwards.
 */
export function withPublishedPackages<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bluetap-published-'));
  try {
    for (const name of readdirSync(PACKAGES)) install(name, join(folder, 'node_modules'));
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function install(name: string, modules: string): void {
  const from = join(PACKAGES, name);
  const to = join(modules, '@bluetap', name);
  execFileSync(process.execPath, [join(ROOT, 'scripts/bundle.mjs')], { cwd: from });
  // A copy, because through a symbolic link Node would find the files beside the original.
  cpSync(join(from, 'bundle'), join(to, 'bundle'), { recursive: true });
  const { publishConfig, ...manifest } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), JSON.stringify({ ...manifest, ...publishConfig }));
  for (const library of Object.keys(manifest.dependencies ?? {})) {
    const place = join(modules, library);
    if (library.startsWith('@bluetap/') || existsSync(place)) continue;
    mkdirSync(join(place, '..'), { recursive: true });
    symlinkSync(join(from, 'node_modules', library), place, 'junction');
  }
}
