import type { Bench } from './bench.js';

/** Cases by name. Each gets a bench of its own; `Bench.finish` follows it. */
export type Cases = Readonly<Record<string, (bench: Bench) => Promise<void>>>;
