import type { EmulatorEvent } from '@bluetap/emulator';
import { bytesOf } from './frame-row.js';
import type { FrameRow, Note } from './row.js';

/** The event of what a behaviour did to a frame. */
export type EffectEvent = Extract<EmulatorEvent, { event: 'behaviour' }>;

/** Returns the row with what a behaviour did to its frame. @param time The time of the event. */
export function withEffect(row: FrameRow, event: EffectEvent, time: string): FrameRow {
  const { effect, name, wire } = event;
  const isWhole = wire === undefined || wire === row.wire;
  const wayThrough = { ...row, stopped: false };
  switch (effect) {
    case 'lost':
      return { ...noted(row, 'bad', `lost by ${name}${lostWhere(row)}`), stopped: true };
    case 'held':
      return { ...noted(row, 'warn', `held back by ${name}`), stopped: true };
    case 'passed':
      if (isWhole) return noted(wayThrough, 'warn', `passed on ${later(row, time)} by ${name}`);
      return { ...noted(wayThrough, 'bad', changedText(row, name, wire)), passed: wire };
    case 'changed':
      return { ...noted(row, 'bad', changedText(row, name, wire)), passed: wire };
    case 'split':
      return noted(row, 'warn', `sent in pieces by ${name}`);
    case 'repeated':
      return noted(row, 'warn', `sent more than once by ${name}`);
    case 'answered':
      return { ...noted(row, 'bad', `answered by ${name}: it did not reach the device`), stopped: true };
  }
}

/** Returns the row of a request that the device answered again. */
export function withRepeat(row: FrameRow): FrameRow {
  return noted(row, 'good', 'repeat: answered again, not executed again');
}

/** Returns the row with one more note. */
export function noted(row: FrameRow, tone: Note['tone'], text: string): FrameRow {
  return { ...row, notes: [...row.notes, { tone, text }] };
}

function lostWhere({ direction }: FrameRow): string {
  return direction === 'in' ? ' before it reached the device' : '';
}

function later(row: FrameRow, time: string): string {
  return `${Math.max(0, Date.parse(time) - Date.parse(row.time))} ms later`;
}

function changedText(row: FrameRow, name: string, wire = ''): string {
  const isCut = wire.length < row.wire.length && row.wire.startsWith(wire);
  if (!isCut) return `changed by ${name}`;
  return `cut by ${name}: ${bytesOf(wire).length} of ${bytesOf(row.wire).length} bytes were sent`;
}
