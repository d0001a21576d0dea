import type { FrameRow, Row } from '../model/row.js';
import type { CallEntry } from './pos-entry.js';

/** A frame on the line of a call. */
export interface Tick {
  readonly key: number;
  /** The place on the line, from 0 to 1. */
  readonly at: number;
  readonly direction: FrameRow['direction'];
  /** True if the frame did not arrive. */
  readonly stopped: boolean;
  /** What it is, for people. */
  readonly text: string;
}

/** A call as a line. */
export interface CallLine {
  /** How long the call took, or takes until now, in milliseconds. */
  readonly ms: number;
  readonly ticks: readonly Tick[];
}

/** The time of a frame is known only to the millisecond. */
const GRAIN_MS = 1;

/** Puts the frames that went over the wire during a call on a line. @param now Milliseconds since 1970. */
export function callLine({ start, end }: CallEntry, rows: readonly Row[], now: number): CallLine {
  const to = end?.at ?? now;
  const ms = Math.max(0, to - start);
  const ticks: Tick[] = [];
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index]!;
    const time = Date.parse(row.time);
    if (time < start - GRAIN_MS) break;
    if (row.kind !== 'frame' || time > to) continue;
    const at = ms === 0 ? 0 : Math.min(1, Math.max(0, (time - start) / ms));
    ticks.unshift({
      key: row.key,
      at,
      direction: row.direction,
      stopped: row.stopped,
      text: tickText(row, time - start),
    });
  }
  return { ms, ticks: spread(ticks) };
}

function tickText({ title, direction, notes }: FrameRow, ms: number): string {
  const way = direction === 'in' ? 'to the device' : 'from the device';
  return [`${title} ${way}, after ${Math.max(0, Math.round(ms))} ms`, ...notes.map(({ text }) => text)].join('; ');
}

/** The smallest distance of two frames on the line, so that both are visible. */
const APART = 0.03;

/** Separates frames of the same time. */
function spread(ticks: readonly Tick[]): readonly Tick[] {
  let next = 0;
  const moved = ticks.map((tick) => {
    const at = Math.max(tick.at, next);
    next = at + APART;
    return { ...tick, at };
  });
  const over = (moved.at(-1)?.at ?? 0) - 1;
  if (over <= 0) return moved;
  // The last frames are at the end of the line, so earlier frames move back.
  let limit = 1;
  return moved
    .toReversed()
    .map((tick) => {
      const at = Math.max(0, Math.min(tick.at, limit));
      limit = at - APART;
      return { ...tick, at };
    })
    .toReversed();
}

/** A time in milliseconds for people: `0.4 ms`, `1002 ms`. */
export function msText(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
