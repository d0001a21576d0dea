import { readFileSync } from 'node:fs';
import { release } from 'node:os';

/** What a report needs to know of where it was made: the date, the SDK, Node and the system. */
export function environment(): Record<string, string> {
  const { platform, arch, version: node } = process;
  return { date: new Date().toISOString(), sdk: sdkVersion(), node, platform: `${platform} ${arch} ${release()}` };
}

/** Where the package's manifest can stand, seen from this file: where it is published, the file is part of another one. */
const MANIFESTS = ['../../package.json', '../package.json'];

/** The version in the manifest that is this package's: in a program's own bundle, others can stand in these places. */
export function sdkVersion(places: readonly string[] = MANIFESTS): string {
  for (const place of places) {
    try {
      // Here, and not when the file is loaded: in a bundle of CommonJS this file has no address.
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      if (name === '@bluetap/sdk') return version;
    } catch {
      // It is not there, or is none.
    }
  }
  return 'unknown';
}
