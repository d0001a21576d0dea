import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { Attempt, Facts } from './packages.js';

/** What a POS writes down, one line of JSON each, before it does the next thing. */
export type Entry =
  /** It is going to call `pay` or `cancel`. */
  | {
      readonly entry: 'call';
      readonly id: string;
      readonly command: Attempt['command'];
      readonly orderId?: string;
      readonly timeoutMs: number;
    }
  /** `onAttempt` of that call. */
  | { readonly entry: 'attempt'; readonly id: string; readonly attempt: Attempt }
  /** The call has settled. */
  | ({
      readonly entry: 'result';
      readonly id: string;
      readonly code: string;
      readonly ms: number;
      readonly attempt?: Attempt;
    } & Facts)
  /** What became of an attempt, from the event `resolved` or the answer to `ask`. */
  | ({ readonly entry: 'told'; readonly by: 'resolved' | 'ask'; readonly attempt: Attempt } & Facts);

/** A file that is written through at once, so that it survives a kill -9 (not the loss of the machine's power). */
export class Journal {
  #file: number;

  /** Opens the file, without what a write that was cut short has left at its end. */
  constructor(path: string) {
    if (existsSync(path)) truncateSync(path, readFileSync(path).lastIndexOf('\n') + 1);
    this.#file = openSync(path, 'a');
  }

  write(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Begins another file. */
  turnOver(path: string): void {
    closeSync(this.#file);
    this.#file = openSync(path, 'a');
  }
}

export function readJournal(path: string): Entry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Entry);
}

export function sameAttempt(a: Attempt, b: Attempt): boolean {
  return a.bootId === b.bootId && a.session === b.session && a.sequence === b.sequence;
}

/** The attempts of which nothing final is written: what a POS that starts has to ask about. */
export function openAttempts(entries: readonly Entry[]): Attempt[] {
  const open = new Map<string, Attempt>();
  for (const entry of entries) {
    // A second attempt of a call means that its first was refused.
    if (entry.entry === 'attempt') open.set(entry.id, entry.attempt);
    else if (entry.entry === 'result' && !entry.pending) open.delete(entry.id);
    else if (entry.entry === 'told' && !entry.pending) {
      for (const [id, attempt] of open) if (sameAttempt(attempt, entry.attempt)) open.delete(id);
    }
  }
  return [...open.values()];
}
