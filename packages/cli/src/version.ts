import { readFileSync } from 'node:fs';

/** Of this package; its manifest stands one folder up from the sources and from what they are compiled to. */
export function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
