import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainGroups, explainLines } from '../../src/model/explain.js';
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

  it.each(vectors)('are lines with each byte once: $name', ({ wire }) => {
    const lines = explainLines(bytesOf(wire));
    expect(lines.map(({ hex }) => hex.replaceAll(' ', '').toLowerCase()).join('')).toBe(wire);
  });
});

describe('a box', () => {
  const { wire } = vectors.find(({ name }) => name === 'pay TRUEMONEY alone')!;

  it('has the tag, the length and the value of a field', () => {
    const groups = explainGroups(bytesOf(wire));
    expect(groups.map(({ part, label, value }) => [part, label, value])).toEqual([
      ['delimiter', 'the frame starts', ''],
      ['cobs', 'COBS', expect.stringMatching(/^the end is \d+ bytes on$/)],
      ['version', 'version', '1'],
      ['type', 'type', 'PAY'],
      ['session', 'session', '65535'],
      ['sequence', 'sequence', '255'],
      ['value', 'payment method', 'TRUEMONEY'],
      ['crc', 'CRC-32C', 'right'],
      ['delimiter', 'the frame ends', ''],
    ]);
    expect(groups[6]).toMatchObject({ hex: '01 09 54 52 55 45 4D 4F 4E 45 59', problems: [] });
    expect(groups[6]!.details.split('\n')).toHaveLength(3);
  });

  it('tells what is wrong with its bytes', () => {
    const groups = explainGroups(bytesOf(wire.replace('545255', '545256')));
    expect(groups.flatMap(({ problems }) => problems)).not.toEqual([]);
  });

  it('of a part that is missing has no bytes', () => {
    expect(explainGroups(bytesOf(wire.slice(0, -2))).at(-1)).toMatchObject({ part: 'missing', hex: '' });
  });
});
