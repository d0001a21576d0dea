import { type Mutant, mutant, sdk } from './mutant.js';

const channel = sdk('session/frame-channel');

/** Mistakes at a system that does not take the bytes of a program. */
export const writesMutants: readonly Mutant[] = [
  mutant('a channel that takes no bytes is kept', channel, 'if (reply || this.#writesPending === 0)', 'if (true)'),
  mutant(
    'the bytes of a call that was given up still leave',
    channel,
    'if (this.#ended || scope.aborted)',
    'if (this.#ended)',
  ),
  mutant('a write that has ended counts as pending', channel, 'this.#writesPending--;', ';'),
];
