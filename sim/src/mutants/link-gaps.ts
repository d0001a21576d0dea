import { type Mutant, mutant, sdk } from './mutant.js';

const tracker = sdk('client/link-tracker');

/** Mistakes in the numbers of LINK messages, and in the STATUS that follows a gap. */
export const linkGapsMutants: readonly Mutant[] = [
  mutant(
    'no STATUS follows a gap of LINK numbers',
    tracker,
    "if (order === 'gap')\n                this.#handlers.onGap();",
    '',
  ),
  mutant(
    'the first LINK of a session never shows a gap',
    sdk('session/host-session'),
    "return sequence === expected ? 'new' : 'gap';",
    "return sequence === expected || expected === 1 ? 'new' : 'gap';",
  ),
  // After LINK 255 comes LINK 1: from then on, the program hears of no tap and no expiry.
  mutant(
    'a LINK with a lower number counts as a repeat',
    sdk('session/host-session'),
    'if (sequence === this.#linkSequence)',
    'if (sequence <= this.#linkSequence)',
  ),
  mutant(
    'a gap that is seen while a call runs is forgotten',
    sdk('client/worker'),
    'this.#unsure = true;\n        this.#wake();',
    'if (this.#busy)\n            return;\n        this.#unsure = true;\n        this.#wake();',
  ),
  mutant(
    'the answer after a gap is told also if nothing differs',
    tracker,
    'if (status.state !== before?.state || status.taps !== before.taps)',
    'if (true)',
  ),
  mutant(
    'a tap that was lost in a gap is not told',
    tracker,
    'if (status.state !== before?.state || status.taps !== before.taps)',
    'if (status.state !== before?.state)',
  ),
  mutant(
    'a LINK directly behind the reply to HELLO is lost',
    sdk('session/host-sessions'),
    'const session = this.#session ?? this.#greeting;',
    'const session = this.#session;',
  ),
];
