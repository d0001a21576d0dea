import { CONNECTIONS } from './connections.js';
import { CONTRADICTIONS } from './contradictions.js';
import { DOUBTS } from './doubts.js';
import { LOSSES } from './losses.js';
import { REFUSALS } from './refusals.js';
import type { Situation } from './situation.js';
import { STRAYS } from './strays.js';
import { TALKS } from './talks.js';
import { UNREADABLE } from './unreadable.js';
import { WHOLE } from './whole.js';

const CALLS: readonly Situation[] = [
  ...WHOLE,
  ...LOSSES,
  ...STRAYS,
  ...UNREADABLE,
  ...REFUSALS,
  ...DOUBTS,
  ...CONTRADICTIONS,
  ...CONNECTIONS,
];

/** The situations of a run. @param lines True if the host takes several calls in one process. */
export function situationsFor(lines: boolean): readonly Situation[] {
  return lines ? [...CALLS, ...TALKS] : CALLS;
}
