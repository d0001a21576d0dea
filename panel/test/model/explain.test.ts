import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainGroups } from '../../src/model/explain.js';
import { bytesOf } from '../../src/model/frame-row.js';

const { vectors } = JSON.parse(readFileSync(new URL('../../../vectors/frames.json', import.meta.url), 'utf8')) as {
  vectors: { name: string; wire: string }[];
};

describe('the boxes of a frame', () => {
  it.each(vectors)('have each byte once: $name', ({ wire }) => {
    const groups = explainGroups(bytesOf(wire));
    expect(groups.map(({ hex }) => hex.replaceAll(' ', '').toLowerCase()).join('')).toBe(wire);
    expect(groups.every(({ label }) => label !== '')).toBe(true);
  });
});
