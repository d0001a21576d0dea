import { readFileSync } from 'node:fs';

/** Where the package's manifest can stand, seen from this file: where it is published, the file is part of another one. */
const MANIFESTS = ['../../package.json', '../package.json'];

/**
 * The version of this package, from its manifest. "unknown" in a program's own bundle, where that is not there: another
 * package's version would be a lie.
 * @param from The URL of this module. In a bundle of CommonJS there is no such URL.
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
