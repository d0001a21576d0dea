// The loop takes an input that did something new, changes it and tries it. It keeps the changed input if that input
// also does something new. The target says what is new. So no instrumentation is needed, and a seed repeats the same
// bytes.
import { mutate } from './mutate.js';
import { Random } from './random.js';

/** The code that is tested with bytes, and the check of its properties. */
export interface Target {
  readonly name: string;
  /** The number of inputs between two checks of the time. */
  readonly batch: number;
  /** The number of inputs in a run without a time limit. */
  readonly runs: number;
  /** True if one try takes too long, so a failed input is not made smaller. */
  readonly slow?: boolean;
  /**
   * Tries an input. Throws or rejects if a property is broken.
   * @returns A word for each thing that happened. The same kind of thing has the same word.
   */
  run(bytes: Uint8Array): readonly string[] | Promise<readonly string[]>;
  /** Returns more facts about the run, which are printed after the number of inputs. */
  note?(): string;
  close?(): Promise<void>;
}

/** A broken property. */
export interface Failure {
  /** The failed input. Undefined if no single input is the cause. */
  readonly bytes: Uint8Array | undefined;
  readonly error: Error;
}

/** Tries inputs on a target: first the seeds, then changed inputs. */
export class Fuzzer {
  /** The code that is tested. */
  readonly target: Target;
  /** The number of inputs that were tried. */
  runs = 0;
  /** The kinds of things that happened. */
  readonly kinds = new Set<string>();
  /** The latest input that was tried. */
  latest: Uint8Array = new Uint8Array();
  readonly #seeds: readonly Uint8Array[];
  readonly #random: Random;
  /** The seeds, and the inputs that did something new. */
  readonly #pool: Uint8Array[];

  /** @param seed The same seed makes the same inputs. */
  constructor(target: Target, seeds: readonly Uint8Array[], seed: number) {
    this.target = target;
    this.#seeds = seeds;
    this.#pool = [...seeds];
    this.#random = new Random(seed);
  }

  /** Tries `count` more inputs, the seeds first. */
  async advance(count: number): Promise<Failure | undefined> {
    for (; count > 0; count--) {
      const seed = this.#seeds[this.runs++];
      const bytes = seed ?? mutate(this.#random.pick(this.#pool), this.#pool, this.#random);
      this.latest = bytes;
      try {
        const outcome = this.target.run(bytes);
        if (this.#isNew(outcome instanceof Promise ? await outcome : outcome) && !seed) this.#pool.push(bytes);
      } catch (error) {
        return { bytes: await shrink(this.target, bytes), error: asError(error) };
      }
    }
    return undefined;
  }

  #isNew(outcome: readonly string[]): boolean {
    const before = this.kinds.size;
    for (const kind of outcome) this.kinds.add(kind);
    return this.kinds.size > before;
  }
}

/**
 * Makes a failed input smaller: removes pieces, the larger pieces first. Returns the smallest input that still fails.
 */
async function shrink(target: Target, input: Uint8Array): Promise<Uint8Array> {
  if (target.slow) return input;
  let bytes = input;
  for (let size = bytes.length >> 1; size > 0; ) {
    let shorter: Uint8Array | undefined;
    for (let at = 0; at < bytes.length && !shorter; at += size) {
      const candidate = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + size)]);
      if (await fails(target, candidate)) shorter = candidate;
    }
    if (shorter) bytes = shorter;
    else size >>= 1;
  }
  return bytes;
}

async function fails(target: Target, bytes: Uint8Array): Promise<boolean> {
  try {
    await target.run(bytes);
    return false;
  } catch {
    return true;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
