import type { WireLine } from '../../report/report.js';
import { hex } from './frames.js';

/** How many lines of the start, and of the end, a case keeps. */
const KEPT = 200;

/** The bytes of one case, with times since its start. */
export class Transcript {
  readonly #start: number;
  readonly #first: WireLine[] = [];
  readonly #last: WireLine[] = [];

  /** @param start Milliseconds of the clock. */
  constructor(start: number) {
    this.#start = start;
  }

  /** Adds a piece. @param now Milliseconds of the clock. */
  add(direction: WireLine['direction'], connection: number, bytes: Uint8Array, now: number): void {
    const atMs = Math.round((now - this.#start) * 1000) / 1000;
    const line = { atMs, direction, ...(connection > 1 && { connection }), wire: hex(bytes) };
    if (this.#first.length < KEPT) this.#first.push(line);
    else if (this.#last.push(line) > KEPT) this.#last.shift();
  }

  /** The lines. In a long case those of the middle are left out. */
  get lines(): readonly WireLine[] {
    return [...this.#first, ...this.#last];
  }
}
