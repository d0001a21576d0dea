/** A seeded source of random numbers (sfc32): the same seed gives the same numbers on every machine. */
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

  chance(probability: number): boolean {
    return this.uint32() < probability * 0x100000000;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.uint32() % items.length]!;
  }

  /** A source of its own, so that what it gives does not depend on what else asks this one. */
  fork(): Random {
    return new Random(this.uint32());
  }
}
