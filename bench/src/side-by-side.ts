/** Code that is measured and compared with other code. */
export interface Contender {
  readonly name: string;
  /** Does `per` operations. */
  run(): void;
}

export interface Measured {
  readonly name: string;
  /** The median time of one operation, in nanoseconds. */
  readonly ns: number;
  /** The time compared with the time of the first contender: the median of the ratios within each round. */
  readonly ratio: number;
}

/**
 * The warm-up time in milliseconds. V8 optimizes code in a separate thread, which is slow on a busy machine. Code that
 * is measured too early can be not optimized yet, and then it is ten times slower.
 */
const WARM_UP_MS = 500;

/**
 * Measures the contenders one after another, in many rounds. The speed of a machine changes by a factor of two within
 * minutes. Times within the same few milliseconds can be compared, so each ratio is computed within a round.
 * @param per The number of operations in one `run`.
 */
export function measure(
  contenders: readonly Contender[],
  per: number,
  rounds: number,
  warmUpMs = WARM_UP_MS,
): Measured[] {
  const times = contenders.map((): number[] => []);
  const round = (keep: boolean) => {
    for (const [index, contender] of contenders.entries()) {
      const started = process.hrtime.bigint();
      contender.run();
      const ns = Number(process.hrtime.bigint() - started) / per;
      if (keep) times[index]!.push(ns);
    }
  };
  for (const started = performance.now(); performance.now() - started < warmUpMs; ) round(false);
  for (let count = 0; count < rounds; count++) round(true);
  const first = times[0]!;
  return contenders.map(({ name }, index) => ({
    name,
    ns: median(times[index]!),
    ratio: median(times[index]!.map((ns, round) => ns / first[round]!)),
  }));
}

/** The middle of the values; between the two in the middle when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Returns the ratio of the fastest peer. The first measurement is our own. */
export function bestOf([, ...peers]: readonly Measured[]): number {
  return Math.min(...peers.map(({ ratio }) => ratio));
}
