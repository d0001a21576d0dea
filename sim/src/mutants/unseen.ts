import type { Mutant } from './mutant.js';

/** A mistake that the simulator cannot see. */
export interface UnseenMutant extends Mutant {
  /** Why not, and what finds it. */
  readonly reason: string;
}
