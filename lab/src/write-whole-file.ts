import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that nobody sees half of it; of two that write the same, one wins. */
export function writeWholeFile(file: string, content: Buffer): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, content);
  renameSync(own, file);
}
