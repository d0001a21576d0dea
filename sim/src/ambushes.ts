import type { Ambush, Direction, Step } from './script.js';

/** An ambush that no frame has met in this time is over. */
const AMBUSH_MS = 10_000;

type AmbushStep = Extract<Step, { do: 'ambush' }>;

/** What happens after so many more frames of a POS program. */
export class Ambushes {
  readonly #waiting: { readonly step: AmbushStep; readonly until: number; left: number }[] = [];

  add(step: AmbushStep, now: number): void {
    this.#waiting.push({ step, until: now + AMBUSH_MS, left: step.frames });
  }

  /** A frame has passed. Returns what happens now. */
  passes(direction: Direction, now: number): Ambush[] {
    const met: Ambush[] = [];
    for (const ambush of [...this.#waiting]) {
      const over = now > ambush.until;
      if (!over && (ambush.step.direction !== direction || ambush.left-- > 0)) continue;
      this.#waiting.splice(this.#waiting.indexOf(ambush), 1);
      if (!over) met.push(ambush.step.what);
    }
    return met;
  }
}
