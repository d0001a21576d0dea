import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that no reader sees a part of it. If two processes write the same file, the last one wins. */
export function writeWholeFile(file: string, content: Buffer): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, content);
  renameSync(own, file);
}
