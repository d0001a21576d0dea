// The loop: take an input that did something new, change it, try it, keep it if it does something new again. "New" is what
// the target says of it, so that no instrumentation is needed and a seed repeats to the byte.
import { mutate } from './mutate.mjs';
import { Random } from './random.mjs';

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {number} batch inputs between two looks at the clock
 * @property {number} runs inputs that a run without a time limit tries
 * @property {(bytes: Uint8Array) => readonly string[] | Promise<readonly string[]>} run throws when a property does not
 *   hold; gives a word for each thing that happened, the same word for the same kind of thing
 * @property {boolean} [slow] true where trying again costs too much to shrink what failed
 * @property {() => string} [note] what else is to be said of the work
 * @property {() => unknown} [close]
 *
 * @typedef {object} Failure
 * @property {Uint8Array | undefined} bytes undefined when no single input is to blame
 * @property {Error} error
 */

export class Fuzzer {
  /** Inputs tried. */
  runs = 0;
  /** Kinds of thing that happened. @type {Set<string>} */
  kinds = new Set();
  /** The input tried last. @type {Uint8Array} */
  latest = new Uint8Array();
  #target;
  #seeds;
  #random;
  /** @type {Uint8Array[]} */
  #pool;

  /** @param {Target} target @param {readonly Uint8Array[]} seeds @param {number} seed */
  constructor(target, seeds, seed) {
    this.#target = target;
    this.#seeds = seeds;
    this.#pool = [...seeds];
    this.#random = new Random(seed);
  }

  get target() {
    return this.#target;
  }

  /** Tries `count` more inputs, the seeds first. @param {number} count @returns {Promise<Failure | undefined>} */
  async advance(count) {
    for (; count > 0; count--) {
      const seed = this.#seeds[this.runs++];
      const bytes = seed ?? mutate(this.#random.pick(this.#pool), this.#pool, this.#random);
      this.latest = bytes;
      try {
        const outcome = this.#target.run(bytes);
        if (this.#isNew(outcome instanceof Promise ? await outcome : outcome) && !seed) this.#pool.push(bytes);
      } catch (error) {
        return { bytes: await shrink(this.#target, bytes), error: asError(error) };
      }
    }
    return undefined;
  }

  /** @param {readonly string[]} outcome */
  #isNew(outcome) {
    const before = this.kinds.size;
    for (const kind of outcome) this.kinds.add(kind);
    return this.kinds.size > before;
  }
}

/** The smallest input found that still fails: pieces are left out, larger ones first. @param {Target} target @param {Uint8Array} bytes */
export async function shrink(target, bytes) {
  if (target.slow) return bytes;
  for (let size = bytes.length >> 1; size > 0; ) {
    let shorter;
    for (let at = 0; at < bytes.length && !shorter; at += size) {
      const candidate = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + size)]);
      if (await fails(target, candidate)) shorter = candidate;
    }
    if (shorter) bytes = shorter;
    else size >>= 1;
  }
  return bytes;
}

/** @param {Target} target @param {Uint8Array} bytes */
async function fails(target, bytes) {
  try {
    await target.run(bytes);
    return false;
  } catch {
    return true;
  }
}

/** @param {unknown} thrown */
function asError(thrown) {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
