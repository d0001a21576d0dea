import { readdirSync } from 'node:fs';

/** Returns a number from the environment. `short` is its value in the short form of the tests. */
export function setting(name: string, short: number): number {
  const text = process.env[name];
  const value = text === undefined || text === '' ? short : Number(text);
  if (!(Number.isInteger(value) && value > 0)) throw new Error(`${name} must be a whole number above 0, not "${text}"`);
  return value;
}

/** Waits two turns of the event loop. A handle that ended in the first turn is no longer counted in the second turn. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}

export interface Sample {
  /** Bytes after a full collection. */
  readonly heap: number;
  /** Bytes outside the heap that belong to objects on the heap: buffers. */
  readonly external: number;
  readonly rss: number;
  /** The number of resources that keep the event loop alive: sockets, timers, pipes. */
  readonly handles: number;
  /** The number of open file descriptors. 0 if the system does not list them. */
  readonly descriptors: number;
}

/** Measures the memory and the handles of the process now. Needs `node --expose-gc`. */
export async function sample(): Promise<Sample> {
  if (!globalThis.gc) throw new Error('run this with node --expose-gc');
  // The first collection starts finalizers. The second collection frees their objects.
  for (let i = 0; i < 2; i++) {
    await turn();
    globalThis.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, rss, handles: handles().length, descriptors: descriptors() };
}

/** The standard streams. They stay open, so they are not counted. */
const STANDARD = ['PipeWrap', 'TTYWrap'];

export function handles(): string[] {
  return process.getActiveResourcesInfo().filter((name) => !STANDARD.includes(name));
}

function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Returns the median of the last quarter of the samples minus the median of the second quarter. The first quarter is
 * not used, because the program still warms up in it.
 */
export function growth(samples: readonly Sample[], of: keyof Sample): number {
  const quarter = (n: number) => {
    const part = samples.slice(Math.floor((samples.length * n) / 4), Math.floor((samples.length * (n + 1)) / 4));
    return median(part.map((each) => each[of]));
  };
  return quarter(3) - quarter(1);
}

export function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

export function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** The limits for the growth between the second and the last quarter of the samples, in bytes. */
export interface Bounds {
  readonly heap: number;
  readonly external: number;
}

/** Collects the problems, so that one run shows all of them. Also collects the figures, which are always printed. */
export class Report {
  readonly #figures: Record<string, string | number> = {};
  readonly #problems: string[] = [];
  #problemCount = 0;

  /** @param seconds The time limit. After it, the program prints its report and ends, even if it still waits. */
  constructor(seconds: number) {
    setTimeout(() => {
      this.check(false, () => `not done after ${seconds} s; waits for ${handles().join(', ') || 'nothing'}`);
      this.tell();
      process.exit();
    }, seconds * 1000).unref();
  }

  figure(name: string, value: string | number): void {
    this.#figures[name] = value;
  }

  check(holds: boolean, problem: () => string): void {
    if (holds) return;
    this.#problemCount++;
    if (this.#problems.length < 20) this.#problems.push(problem());
  }

  /**
   * Checks that no memory grew beyond the bounds, and that there are no more handles or descriptors than before.
   * @param of The start of the names of the figures, if a program has several sets of figures.
   */
  flat(samples: readonly Sample[], bounds: Bounds, of = ''): void {
    const [first, last] = [samples[0]!, samples.at(-1)!];
    this.figure(`${of}samples`, samples.length);
    for (const what of ['heap', 'external'] as const) {
      const grown = growth(samples, what);
      this.figure(`${of}${what}`, `${kib(first[what])} at first, ${kib(last[what])} at last`);
      this.figure(`${of}${what}, last quarter minus second`, `${kib(grown)} (bound ${kib(bounds[what])})`);
      this.check(grown <= bounds[what], () => `${of}${what} grew by ${kib(grown)}, more than ${kib(bounds[what])}`);
    }
    this.figure(`${of}rss`, `${mib(first.rss)} at first, ${mib(last.rss)} at last`);
    for (const what of ['handles', 'descriptors'] as const) {
      const most = Math.max(...samples.map((each) => each[what]));
      this.figure(`${of}${what}`, `${first[what]} at first, ${last[what]} at last, ${most} at most`);
      this.check(growth(samples, what) <= 0, () => `${of}${what} grew by ${growth(samples, what)}`);
    }
  }

  /** Checks that no handle is left that was opened after `before`. */
  async closed(before: number): Promise<void> {
    await turn();
    const left = handles();
    this.figure('handles left after close', Math.max(0, left.length - before));
    this.check(left.length <= before, () => `left after close: ${left.join(', ')}`);
  }

  /**
   * Prints the report as one line of JSON, and sets the exit code. It is the last call of a program. If the program
   * then does not end by itself, a handle is left open.
   */
  tell(): void {
    const problems = [...this.#problems];
    const more = this.#problemCount - problems.length;
    if (more > 0) problems.push(`... and ${more} more`);
    process.exitCode = problems.length > 0 ? 1 : 0;
    process.stdout.write(`${JSON.stringify({ figures: this.#figures, problems })}\n`);
  }
}
