import type { LoadHook } from 'node:module';
import type { Mutant } from './mutants/mutant.js';

/** Runs in the loader thread of Node. Returns the files of a mutant with the patches applied. No file on disk changes. */
let patches: Mutant['patches'] = [];

export function initialize(mutant: Mutant): void {
  patches = mutant.patches;
}

export const load: LoadHook = async (url, context, nextLoad) => {
  const result = await nextLoad(url, context);
  const own = patches.filter(({ file }) => url.endsWith(`/${file}`));
  if (own.length === 0) return result;
  let source = String(result.source);
  for (const { file, find, replace } of own) {
    const matches = source.split(find).length - 1;
    if (matches !== 1) throw new Error(`${file}: a patch matches ${matches} times, not once:\n${find}`);
    source = source.replace(find, () => replace);
  }
  return { ...result, source };
};
