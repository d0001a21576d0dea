import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PanelEvent } from '../../src/model/panel-input.js';
import { recordName, recordText, spacedHex, vectorText } from '../../src/model/record.js';
import { frame } from '../rows.js';

interface Vector {
  readonly name: string;
  readonly wire: string;
}
const { vectors } = JSON.parse(readFileSync(new URL('../../../vectors/frames.json', import.meta.url), 'utf8')) as {
  vectors: Vector[];
};

describe('a frame as a vector', () => {
  it.each(vectors)('$name', (vector) => {
    expect(JSON.parse(vectorText(frame({ wire: vector.wire, title: vector.name })))).toEqual({
      ...vector,
      name: vector.name.toLowerCase(),
    });
  });

  it('has the bytes that went over the wire, and the fault in its name', () => {
    const notes = [{ tone: 'bad', text: 'changed by corruptReplies' }] as const;
    const vector = JSON.parse(vectorText(frame({ passed: vectors[0]!.wire, notes })));
    expect(vector).toMatchObject({ name: 'status, changed by corruptReplies', wire: vectors[0]!.wire });
  });

  it('of no bytes has neither message nor error', () => {
    expect(JSON.parse(vectorText(frame({ passed: '' })))).toEqual({ name: 'status', wire: '' });
  });
});

describe('a record', () => {
  it('is one event a line', () => {
    const events = [1, 2].map((mark): PanelEvent => ({ event: 'mark', mark, serialNumber: 'A', time: 'T' }));
    expect(
      recordText(events)
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });

  it('has a name that each file system takes', () => {
    expect(recordName('EMU/00:1', '2026-01-02T03:04:05.000Z')).toBe('bluetap-EMU_00_1-20260102T030405.jsonl');
  });

  it('shows hex in pairs', () => {
    expect(spacedHex('00ff1a')).toBe('00 FF 1A');
  });
});
