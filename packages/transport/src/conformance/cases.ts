import type { Bench } from './bench.js';

/** Cases by name. Each case gets a new bench. `Bench.finish` runs after the case. */
export type Cases = Readonly<Record<string, (bench: Bench) => Promise<void>>>;
