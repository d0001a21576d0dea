import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { Attempt, Facts } from './packages.js';

/** An entry of the journal of a POS: one line of JSON. The POS writes it before its next step. */
export type Entry =
  /** The POS is going to call `pay` or `cancel`. */
  | {
      readonly entry: 'call';
      readonly id: string;
      readonly command: Attempt['command'];
      readonly orderId?: string;
      readonly timeoutMs: number;
    }
  /** `onAttempt` of that call was called. */
  | { readonly entry: 'attempt'; readonly id: string; readonly attempt: Attempt }
  /** The call has settled. */
  | ({
      readonly entry: 'result';
      readonly id: string;
      readonly code: string;
      readonly ms: number;
      readonly attempt?: Attempt;
    } & Facts)
  /** The outcome of an attempt, from the event `resolved` or from `outcomeOf`. */
  | ({ readonly entry: 'told'; readonly by: 'resolved' | 'ask'; readonly attempt: Attempt } & Facts);

/**
 * A file that is written immediately, so it is complete after a kill -9, but not after a power failure of the machine.
 */
export class Journal {
  #file: number;

  /** Opens the file. Removes the incomplete line that an interrupted write left at its end. */
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

  /** Closes the file, and opens another file. */
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

/** Returns the attempts without a final outcome. A POS that starts must ask about them. */
export function openAttempts(entries: readonly Entry[]): Attempt[] {
  const open = new Map<string, Attempt>();
  for (const entry of entries) {
    // If a call has a second attempt, its first attempt was refused.
    if (entry.entry === 'attempt') open.set(entry.id, entry.attempt);
    else if (entry.entry === 'result' && !entry.pending) open.delete(entry.id);
    else if (entry.entry === 'told' && !entry.pending) {
      for (const [id, attempt] of open) if (sameAttempt(attempt, entry.attempt)) open.delete(id);
    }
  }
  return [...open.values()];
}
