import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * Returns the result of `look`, or `otherwise` if `look` throws, for example because a folder is not accessible. So one
 * error does not hide the other findings.
 */
export function looking<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

/** Returns the content of a file, or undefined if it cannot be read. Does not read a pipe, because that can hang. */
export function textOf(file: string): string | undefined {
  return looking(() => (statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined), undefined);
}

/** Returns the names in a folder, or [] if it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  return looking(() => readdirSync(folder), []);
}
