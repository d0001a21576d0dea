import type { Script, Step } from './script.js';
import { run } from './world.js';

/**
 * Removes every step that the failure does not need, and then makes the numbers smaller. The result still fails.
 */
export async function shrink(script: Script, leaks = false): Promise<Script> {
  let smallest = script;
  const fails = async (candidate: Script) => (await run(candidate, { leaks })).violations.length > 0;
  for (let size = Math.ceil(smallest.steps.length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.steps.length; ) {
      const steps = smallest.steps.filter((_, index) => index < from || index >= from + size);
      const candidate = { ...smallest, steps };
      if (await fails(candidate)) smallest = candidate;
      else from += size;
    }
  }
  for (const change of [{ secondPos: false }, { sharedConnection: false }, { openLine: false }, { latency: 0 }]) {
    const candidate = { ...smallest, ...change };
    if (await fails(candidate)) smallest = candidate;
  }
  // The first step moves, and the other steps move with it.
  const first = smallest.steps[0]?.at ?? 0;
  const earlier = { ...smallest, steps: smallest.steps.map((step): Step => ({ ...step, at: step.at - first })) };
  return (await fails(earlier)) ? earlier : smallest;
}
