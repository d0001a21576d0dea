import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { show } from './figures-of.js';
import { KillRounds, type Way } from './kill-rounds.js';
import { setting } from './programs/figures.js';

const KILLS = setting('BLUETAP_LONG_KILLS', 20);
const SEED = setting('BLUETAP_LONG_SEED', 1 + Math.floor(Math.random() * 1e9));
/** The time limit of one round. Measured on two cores: 1.5 s. */
const ROUND_MS = 10_000;

const noScript = spawnSync('script', ['-qfec', 'true', '/dev/null'], { stdio: 'ignore' }).status !== 0;

describe.each<Way>(['tcp', 'pty'])('kill -9 over %s', (kind) => {
  test.skipIf(kind === 'pty' && noScript)(
    'of the POS, the device or both, at random moments',
    async () => {
      const start = performance.now();
      await using rounds = new KillRounds(kind, SEED);
      await rounds.start();
      try {
        for (let n = 0; n < KILLS; n++) {
          await rounds.round();
          if ((n + 1) % 100 === 0) console.log(`kill -9 over ${kind}: ${n + 1} of ${KILLS}`);
        }
      } finally {
        const { pos, device, both } = rounds.kills;
        show(`kill -9 over ${kind}`, {
          seed: SEED,
          kills: `${rounds.rounds} rounds: ${pos} of the POS, ${device} of the device, ${both} of both at once`,
          'commands of another host': rounds.visits,
          time: `${((performance.now() - start) / 1000).toFixed(1)} s`,
          ...Object.fromEntries(Object.entries(rounds.truth.counts).sort()),
          'repeats that were not executed again': rounds.repeats,
          'devices killed between a command and its answer': rounds.unanswered,
          'latest after its own bound': `${rounds.truth.latest} ms`,
        });
      }
      expect(rounds.rounds).toBe(KILLS);
    },
    KILLS * ROUND_MS,
  );
});
