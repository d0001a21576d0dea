import { readdirSync } from 'node:fs';

/** A number from the environment, with its short form. */
export function setting(name: string, short: number): number {
  const text = process.env[name];
  const value = text === undefined || text === '' ? short : Number(text);
  if (!(Number.isInteger(value) && value > 0)) throw new Error(`${name} must be a whole number above 0, not "${text}"`);
  return value;
}

/** Two turns of the event loop: what has ended within the first is no longer counted as a handle in the second. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}

export interface Sample {
  /** Bytes after a full collection. */
  readonly heap: number;
  /** Bytes outside of the heap that its objects hold: buffers. */
  readonly external: number;
  readonly rss: number;
  /** What keeps the event loop alive: sockets, timers, pipes. */
  readonly handles: number;
  /** Open file descriptors; 0 where the system does not list them. */
  readonly descriptors: number;
}

/** What the process holds now. Needs `node --expose-gc`. */
export async function sample(): Promise<Sample> {
  if (!globalThis.gc) throw new Error('run this with node --expose-gc');
  // The first collection lets finalizers run, whose objects the second one takes.
  for (let i = 0; i < 2; i++) {
    await turn();
    globalThis.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, rss, handles: handles().length, descriptors: descriptors() };
}

/** The standard streams are the program's to keep. */
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

/** Median of the last quarter of the samples minus that of the second: the first quarter is still warming up. */
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

/** Bounds on what may grow between the second and the last quarter of the samples. */
export interface Bounds {
  readonly heap: number;
  readonly external: number;
}

/** Collects what is wrong, so that one run shows all of it, and the figures, which are told in any case. */
export class Report {
  readonly #figures: Record<string, string | number> = {};
  readonly #problems: string[] = [];
  #problemCount = 0;

  /** @param seconds Past it the program tells what it has and ends, whatever it waits for. */
  constructor(seconds: number) {
    setTimeout(() => {
      this.check(false, () => `not done after ${seconds} s; held by ${handles().join(', ') || 'nothing'}`);
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
   * Flat: nothing grew beyond the bounds, and no handle or descriptor is more than there was.
   * @param of What the figures begin with, where there are several.
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

  /** Nothing is left of what was opened since `before`. */
  async closed(before: number): Promise<void> {
    await turn();
    const left = handles();
    this.figure('handles left after close', Math.max(0, left.length - before));
    this.check(left.length <= before, () => `left after close: ${left.join(', ')}`);
  }

  /** The last thing that a program does: one line of JSON, and the exit code. It then ends by itself, or holds something. */
  tell(): void {
    const problems = [...this.#problems];
    const more = this.#problemCount - problems.length;
    if (more > 0) problems.push(`... and ${more} more`);
    process.exitCode = problems.length > 0 ? 1 : 0;
    process.stdout.write(`${JSON.stringify({ figures: this.#figures, problems })}\n`);
  }
}
