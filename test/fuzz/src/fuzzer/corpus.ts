// The corpus: the seeds, and every input that has failed. Each file is one stream of bytes, in hex, so that git can
// show its changes. A line that begins with # is a comment.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../corpus/', import.meta.url);

/** One stream of bytes, and the name of its file. */
export interface CorpusEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function readCorpus(): CorpusEntry[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.hex'))
    .sort()
    .map((name) => ({ name, bytes: parse(readFileSync(new URL(name, folder), 'utf8')) }));
}

/** Returns the bytes of a corpus file. @throws Error if the text is not hex. */
export function parse(text: string): Uint8Array {
  const hex = text.replace(/^#.*$/gm, '').replace(/\s/g, '');
  if (!/^(?:[\da-f]{2})*$/.test(hex)) throw new Error(`not hex: ${text}`);
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** Writes a failed input to the corpus. Returns the path of the file. */
export function keep(target: string, bytes: Uint8Array, why: string): string {
  const hex = Buffer.from(bytes).toString('hex');
  const name = `failed-${target}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.hex`;
  const file = new URL(name, folder);
  writeFileSync(file, `# ${target}: ${why.split('\n')[0]}\n${hex.replace(/.{1,96}/g, '$&\n')}`);
  return fileURLToPath(file);
}
