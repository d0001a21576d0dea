/** A source of random numbers (sfc32). The same seed gives the same numbers on every machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = 0x9e3779b9 ^ seed;
    this.#b = 0x243f6a88;
    this.#c = (0xb7e15162 + seed / 0x100000000) | 0;
    for (let round = 0; round < 15; round++) this.uint32();
  }

  /** A whole number of 32 bits, without a sign. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + (this.uint32() % (high - low + 1));
  }

  /** A whole number from 0 to `end - 1`. For an `end` below 1 it is 0. */
  below(end: number): number {
    return this.uint32() % Math.max(1, end);
  }

  /** True with a probability from 0 to 1. */
  chance(probability: number): boolean {
    return this.uint32() < probability * 0x100000000;
  }

  /** True once in `times` times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of a list that is not empty. */
  pick<T>(items: readonly T[]): T {
    return items[this.uint32() % items.length]!;
  }

  /** Another source. Its numbers do not depend on who else asks this source. */
  fork(): Random {
    return new Random(this.uint32());
  }
}

/** Returns a seed for bytes (FNV-1a). A target that decides at random decides the same again for the same bytes. */
export function seedOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
