import { readFileSync } from 'node:fs';
import { release } from 'node:os';

/**
 * Returns the facts about a computer that a report needs: the date, the version of the SDK, of Node, and the system.
 */
export function environment(): Record<string, string> {
  const { platform, arch, version: node } = process;
  return { date: new Date().toISOString(), sdk: sdkVersion(), node, platform: `${platform} ${arch} ${release()}` };
}

/**
 * The possible places of the package's manifest, relative to this file. In the published package, this file is part of
 * another file.
 */
const MANIFESTS = ['../../package.json', '../package.json'];

/**
 * Returns the version of this package. In a program's own bundle, manifests of other packages can be in these places,
 * so the name is checked.
 */
export function sdkVersion(places: readonly string[] = MANIFESTS): string {
  for (const place of places) {
    try {
      // Read here, and not when the file is loaded, because in a CommonJS bundle this file has no URL.
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      if (name === '@bluetap/sdk') return version;
    } catch {
      // There is no manifest in this place.
    }
  }
  return 'unknown';
}
