import { readFileSync } from 'node:fs';
import { release } from 'node:os';

/** What a report needs to know of where it was made: the date, the SDK, Node and the system. */
export function environment(): Record<string, string> {
  const { platform, arch, version: node } = process;
  return { date: new Date().toISOString(), sdk: sdkVersion(), node, platform: `${platform} ${arch} ${release()}` };
}

/** The version in a manifest, if it is this package's: in a bundle, another one can stand in that place. */
export function sdkVersion(manifest = new URL('../../package.json', import.meta.url)): string {
  try {
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (name === '@bluetap/sdk') return version;
  } catch {
    // As below.
  }
  return 'unknown';
}
