import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * What `look` finds, or `otherwise` where the system does not let it look: a folder that is closed, a file that is odd.
 * Whatever it is, the rest is still worth telling.
 */
export function looking<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

/** The content of a file; undefined if it cannot be read. A pipe is not read, because that would never end. */
export function textOf(file: string): string | undefined {
  return looking(() => (statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined), undefined);
}

/** What is in a folder; nothing where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  return looking(() => readdirSync(folder), []);
}
