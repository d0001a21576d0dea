import { readFileSync } from 'node:fs';
import { release } from 'node:os';

/** What a report needs to know of where it was made: the date, the SDK, Node and the system. */
export function environment(): Record<string, string> {
  const { platform, arch, version: node } = process;
  return { date: new Date().toISOString(), sdk: sdkVersion(), node, platform: `${platform} ${arch} ${release()}` };
}

/** Where the package's manifest can stand, seen from this file: where it is published, the file is part of another one. */
const MANIFESTS = [new URL('../../package.json', import.meta.url), new URL('../package.json', import.meta.url)];

/** The version in the manifest that is this package's: in a program's own bundle, others can stand in these places. */
export function sdkVersion(manifests: readonly URL[] = MANIFESTS): string {
  for (const manifest of manifests) {
    try {
      const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'));
      if (name === '@bluetap/sdk') return version;
    } catch {
      // It is not there, or is none.
    }
  }
  return 'unknown';
}
