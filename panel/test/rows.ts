import type { EventRow, FrameRow } from '../src/model/row.js';

/** A frame that says little. */
export function frame(change: Partial<FrameRow> = {}): FrameRow {
  return {
    kind: 'frame',
    key: 1,
    time: '2026-01-02T03:04:05.000Z',
    frameNumber: 1,
    direction: 'in',
    connection: 'tcp 1',
    wire: '000801040700020a0000',
    title: 'STATUS',
    session: 7,
    sequence: 2,
    facts: [],
    message: { type: 'STATUS', session: 7, sequence: 2 },
    notes: [],
    stopped: false,
    ...change,
  };
}

/** An event in the list. */
export function told(text: string, change: Partial<EventRow> = {}): EventRow {
  return { kind: 'event', key: 1, time: '2026-01-02T03:04:05.000Z', text, tone: 'plain', ...change };
}
