import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULES, type Side } from '../src/index.js';

const SPECIFICATION = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

/** The numbers of the rules, as the page defines them. */
const defined = [...SPECIFICATION.matchAll(/\*\*(R-\d+)\*\*/g)].map(([, id]) => id!);

describe('the rules of docs/protocol.md', () => {
  test('each stands once, and the package has the same rules', () => {
    expect(new Set(defined).size).toBe(defined.length);
    expect([...defined].sort()).toStrictEqual(RULES.map(({ id }) => id).sort());
  });

  test('every rule that the page mentions exists', () => {
    const mentioned = [...SPECIFICATION.matchAll(/R-\d+/g)].map(([id]) => id);
    const ends = ['R-19', 'R-69', 'R-99']; // The ends of the ranges, which the page names.
    expect(mentioned.filter((id) => !defined.includes(id) && !ends.includes(id))).toStrictEqual([]);
  });

  test('the number says who has to keep it', () => {
    const sides: readonly [Side, number, number][] = [
      ['both', 1, 19],
      ['device', 20, 69],
      ['host', 70, 99],
    ];
    for (const { id, side } of RULES) {
      const number = Number(id.slice(2));
      expect(sides.find(([, from, to]) => number >= from && number <= to)?.[0], id).toBe(side);
    }
  });
});
