import { readFileSync } from 'node:fs';

/**
 * Of this package; its manifest stands one folder up from the sources and from what they are compiled to. "unknown" in a
 * bundle, where it does not: another package's version would be a lie.
 * @param from The URL of this module. In a bundle of CommonJS there is none.
 */
export function version(from: string | undefined = import.meta.url): string {
  try {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', from), 'utf8'));
    return manifest.name === '@bluetap/cli' ? manifest.version : 'unknown';
  } catch {
    return 'unknown';
  }
}
