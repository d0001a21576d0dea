import type { Clock, Transport } from '@bluetap/transport';
import type { Declaration } from './declaration.js';
import type { Hook } from './hook.js';

/** The checked options of a run, with defaults. */
export interface Setting {
  readonly transport: Transport;
  readonly second: Transport | undefined;
  readonly device: string | undefined;
  readonly declaration: Declaration;
  readonly hook: Hook | undefined;
  readonly exhaustive: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
}
