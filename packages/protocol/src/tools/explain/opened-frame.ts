import type { CobsCode, WirePart, WirePartKind } from './wire-part.js';
import { countedBytes } from './wire-words.js';

/** A frame without COBS, with the places of its bytes on the wire. It can be damaged or cut. */
export interface OpenedFrame {
  /** The bytes of the frame, up to where they end. */
  readonly frame: Uint8Array;
  /** The index of the first byte of the frame in the wire bytes. The byte before it is the first code. */
  readonly offset: number;
  /** All codes in wire order. Each of them but the first is in the place of a 00 of the frame. */
  readonly codes: readonly CobsCode[];
  /** How many bytes of the last block are not there. 0 if COBS is right. */
  readonly overrun: number;
  /** True if a delimiter follows. */
  readonly closed: boolean;
}

/**
 * Undoes COBS, also of a frame whose last block runs past its end. docs/protocol.md section 1.
 * @param bytes The wire bytes.
 * @param start The index of the first code.
 * @param end The index after the last byte that is read.
 * @param last The index after the last encoded byte. It is after `end` if the frame is too long.
 */
export function openFrame(bytes: Uint8Array, start: number, end: number, last: number): OpenedFrame {
  const offset = start + 1;
  const frame = bytes.slice(offset, end);
  const codes: CobsCode[] = [];
  let at = start;
  while (at < end) {
    const next = at + bytes[at]!;
    codes.push({ at, next, text: codeText(next - at, last - at, at === start) });
    if (at > start) frame[at - offset] = 0;
    at = next;
  }
  return { frame, offset, codes, overrun: Math.max(0, at - last), closed: last < bytes.length };
}

function codeText(distance: number, room: number, isFirst: boolean): string {
  if (!isFirst) return `a 00 of the frame; ${codeText(distance, room, true).replace('first', 'next')}`;
  if (distance === room) return `COBS: the end is ${countedBytes(distance)} on`;
  return `COBS: the first 00 ${distance < room ? 'is' : 'would be'} ${countedBytes(distance)} on`;
}

/** What a part says, without its place. */
export type PartWords = Pick<WirePart, 'name' | 'value' | 'text' | 'problem'>;

/** Makes the part of `frame[from..to)`, with the codes of COBS in it and what is wrong with them. */
export function partOf(
  { offset, codes, overrun, closed }: OpenedFrame,
  part: WirePartKind,
  [from, to]: readonly [from: number, to: number],
  { name, value, text, problem }: PartWords,
): WirePart {
  const start = offset + from;
  const end = offset + to;
  const inside = codes.filter(({ at }) => at >= start && at < end);
  // A frame that is cut has only one problem: the rest of it is missing.
  const runsPast = closed && overrun > 0 && inside.includes(codes.at(-1)!);
  const ofCobs = `the last COBS block runs ${countedBytes(overrun)} past the end: a receiver drops the frame`;
  const problems = [problem, runsPast ? ofCobs : undefined].filter((each) => each !== undefined);
  return {
    start,
    end,
    part,
    ...(name === undefined ? {} : { name }),
    ...(value === undefined ? {} : { value }),
    text,
    ...(problems.length === 0 ? {} : { problem: problems.join('; ') }),
    ...(inside.length === 0 || part === 'cobs' ? {} : { codes: inside }),
  };
}
