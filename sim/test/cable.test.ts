import { Random } from '@bluetap/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActiveFault, Cable } from '../src/cable.js';
import { SimClock } from '../src/sim-clock.js';

const MS = 100_000;

type Kind = 'split' | 'join' | 'delay';

const kinds = fc.constantFrom<Kind[]>('split', 'join', 'delay');
/** A message: its length, the time since the one before, and the faults that it meets. */
const message = fc.record({
  length: fc.integer({ min: 1, max: 40 }),
  after: fc.integer({ min: 0, max: 900 }),
  faults: fc.uniqueArray(kinds),
});

const active = (kind: Kind): ActiveFault => ({
  fault: kind === 'delay' ? { kind, ms: 600 } : { kind },
  until: MS,
  chance: 1,
});

/** Sends the messages as the bytes 0, 1, 2 ..., and returns what arrived. */
async function arrivedOf(
  seed: number,
  messages: readonly { length: number; after: number; faults: readonly Kind[] }[],
  cutAfter?: number,
): Promise<number[]> {
  const clock = new SimClock();
  const arrived: number[] = [];
  const cable = new Cable(
    clock,
    new Random(seed),
    5,
    (bytes) => arrived.push(...bytes),
    () => {},
  );
  cable.cutAfter(cutAfter, () => cable.cut());
  let now = 0;
  let sent = 0;
  for (const { length, after, faults } of messages) {
    now += after;
    await clock.runUntil(now);
    cable.send(
      Uint8Array.from({ length }, () => sent++ & 0xff),
      faults.map(active),
    );
  }
  await clock.runUntil(now + MS);
  return arrived;
}

const firstOf = (count: number) => Array.from({ length: count }, (_, at) => at & 0xff);
const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

describe('a cable that splits, joins and delays', () => {
  it('keeps every byte, in its order', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.array(message, { maxLength: 12 }), async (seed, messages) => {
        const total = messages.reduce((sum, { length }) => sum + length, 0);
        expect(await arrivedOf(seed, messages)).toEqual(firstOf(total));
      }),
    );
  });

  it('loses only the end if it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.array(message, { maxLength: 12 }), fc.nat(70), async (seed, messages, cutAfter) => {
        const arrived = await arrivedOf(seed, messages, cutAfter);
        expect(arrived).toEqual(firstOf(arrived.length));
      }),
    );
  });
});
