// The loop: take an input that did something new, change it, try it, keep it if it does something new again. "New" is what
// the target says of it, so that no instrumentation is needed and a seed repeats to the byte.
import { mutate } from './mutate.js';
import { Random } from './random.js';

/** Something that takes bytes, and what must hold of it. */
export interface Target {
  readonly name: string;
  /** How many inputs are tried between two looks at the clock. */
  readonly batch: number;
  /** How many inputs a run without a time limit tries. */
  readonly runs: number;
  /** Whether trying again costs too much to shrink what failed. */
  readonly slow?: boolean;
  /**
   * Tries an input. Throws, or rejects, when a property does not hold.
   * @returns A word for each thing that happened, the same word for the same kind of thing.
   */
  run(bytes: Uint8Array): readonly string[] | Promise<readonly string[]>;
  /** What else is to be said of the work. */
  note?(): string;
  close?(): Promise<void>;
}

/** What went wrong. */
export interface Failure {
  /** Undefined when no single input is to blame. */
  readonly bytes: Uint8Array | undefined;
  readonly error: Error;
}

/** Tries inputs on a target: the seeds, and what it makes of them. */
export class Fuzzer {
  /** What is tried. */
  readonly target: Target;
  /** Inputs tried. */
  runs = 0;
  /** Kinds of thing that happened. */
  readonly kinds = new Set<string>();
  /** The input tried last. */
  latest: Uint8Array = new Uint8Array();
  readonly #seeds: readonly Uint8Array[];
  readonly #random: Random;
  /** What did something new. */
  readonly #pool: Uint8Array[];

  /** @param seed The same seed tries the same inputs. */
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

/** The smallest input found that still fails: pieces are left out, larger ones first. */
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
