import { readFileSync } from 'node:fs';

/** The places of package.json, relative to this file. In the published package, this file is a part of a bundle. */
const MANIFESTS = ['../../package.json', '../package.json'];

/**
 * Returns the version of this package from its package.json. Returns "unknown" in the bundle of another program, where
 * package.json is missing. A package.json of another package has the wrong version, so it is not used.
 * @param from The URL of this module. A CommonJS bundle has no such URL.
 */
export function version(from: string | undefined = import.meta.url): string {
  for (const place of MANIFESTS) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(place, from), 'utf8'));
      if (manifest.name === '@bluetap/cli') return manifest.version;
    } catch {
      // The file does not exist, or is not JSON.
    }
  }
  return 'unknown';
}
