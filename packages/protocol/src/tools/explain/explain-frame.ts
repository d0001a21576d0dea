import { LAYOUTS } from '../../codec/layout.js';
import { readU16, readU32 } from '../../coders/numbers.js';
import { crc32c } from '../../framing/crc32c.js';
import { CRC_LENGTH, HEADER_LENGTH, MAX_ENCODED_LENGTH, VERSION } from '../../schema/limits.js';
import { MESSAGES } from '../../schema/messages.js';
import { Reason } from '../../schema/reasons.js';
import { explainCrc } from './explain-crc.js';
import { explainFields } from './explain-fields.js';
import { tellFlippedBit } from './flipped-bit.js';
import { type OpenedFrame, openFrame, type PartWords, partOf } from './opened-frame.js';
import type { WirePart } from './wire-part.js';
import { countedBytes, hexNumber, withReason } from './wire-words.js';

const SHORTEST = HEADER_LENGTH + CRC_LENGTH;

/** Explains the encoded frame in `bytes[start..end)`: what is between two delimiters, or after the last one. */
export function explainEncoded(bytes: Uint8Array, start: number, end: number): WirePart[] {
  const limit = Math.min(end, start + MAX_ENCODED_LENGTH);
  const opened = openFrame(bytes, start, limit, end);
  const { text } = opened.codes[0]!;
  const parts = [partOf(opened, 'cobs', [-1, 0], { value: bytes[start]!, text }), ...explainHeader(opened)];
  const isOversize = limit < end;
  if (opened.frame.length > HEADER_LENGTH) parts.push(...explainRest(opened, isOversize));
  if (isOversize) parts.push(explainSurplus(limit, end, end - start));
  else if (opened.closed) tellFlippedBit(parts, bytes, start, end);
  return [...parts, ...explainMissing(opened, end)];
}

function explainSurplus(start: number, end: number, length: number): WirePart {
  const rule = `at most ${MAX_ENCODED_LENGTH} are allowed: a receiver drops it`;
  return {
    start,
    end,
    part: 'surplus',
    text: 'too much',
    problem: `the frame has ${length} encoded bytes, and ${rule}`,
  };
}

/** Says what is not there after the last byte of the frame. */
function explainMissing({ frame, overrun, closed }: OpenedFrame, end: number): WirePart[] {
  const missing = { start: end, end, part: 'missing' } as const;
  if (!closed) {
    const more = overrun > 0 ? `, and ${countedBytes(overrun)} or more before it` : '';
    return [{ ...missing, text: 'missing: delimiter', problem: `the closing delimiter (00) is missing${more}` }];
  }
  if (overrun > 0 || frame.length >= SHORTEST) return [];
  const rule = `the shortest has ${SHORTEST}: a receiver drops it`;
  const problem = `the frame has ${countedBytes(frame.length)}, but ${rule}`;
  return [{ ...missing, text: 'missing: rest of the frame', problem }];
}

const HEADER = [
  { part: 'version', size: 1, explain: explainVersion },
  { part: 'type', size: 1, explain: explainType },
  { part: 'session', size: 2, explain: (frame: Uint8Array, at: number) => ({ value: readU16(frame, at) }) },
  { part: 'sequence', size: 1, explain: (frame: Uint8Array, at: number) => ({ value: frame[at]! }) },
] as const;

function explainHeader(opened: OpenedFrame): WirePart[] {
  const { frame } = opened;
  const parts: WirePart[] = [];
  let at = 0;
  for (const { part, size, explain } of HEADER) {
    const end = Math.min(at + size, frame.length);
    if (end === at + size) parts.push(partOf(opened, part, [at, end], { text: part, ...explain(frame, at) }));
    else if (end > at) {
      parts.push(partOf(opened, 'damaged', [at, end], { text: `${part}, cut: ${end - at} of ${size} bytes` }));
    }
    at = end;
  }
  return parts;
}

function explainVersion(frame: Uint8Array, at: number): Partial<PartWords> {
  const value = frame[at]!;
  if (value === VERSION) return { value };
  const what = `the version is ${value}, not ${VERSION}; all that follows is explained as version ${VERSION}`;
  return { value, problem: withReason(what, Reason.UNKNOWN_VERSION) };
}

function explainType(frame: Uint8Array, at: number): PartWords {
  const type = frame[at]!;
  const row = MESSAGES.find((each) => each.type === type);
  if (row) return { name: row.name, value: row.name, text: `type 0x${hexNumber(type, 2)}, from the ${row.from}` };
  const problem = withReason(`no message has the type 0x${hexNumber(type, 2)}`, Reason.UNKNOWN_TYPE);
  return { value: type, text: `type 0x${hexNumber(type, 2)}, not known`, problem };
}

/** Explains what follows the header: the fields and the CRC. */
function explainRest(opened: OpenedFrame, isOversize: boolean): WirePart[] {
  const { frame, closed, overrun } = opened;
  const crcAt = frame.length - CRC_LENGTH;
  const hasCrc = crcAt >= HEADER_LENGTH && !isOversize;
  const expected = crc32c(frame, 0, Math.max(0, crcAt));
  // A right CRC proves that all bytes are there, also if the last code of COBS or the delimiter is wrong.
  const isEndKnown = hasCrc && ((closed && overrun === 0) || readU32(frame, crcAt) === expected);
  const layout = LAYOUTS[frame[1]!];
  if (isEndKnown) {
    const { parts } = explainFields(opened, { layout, to: crcAt, isEndKnown, crcMayFollow: false });
    return [...parts, explainCrc(opened, crcAt, expected)];
  }
  const crcMayFollow = closed && !isOversize;
  const { parts, end } = explainFields(opened, { layout, to: frame.length, isEndKnown, crcMayFollow });
  if (end === frame.length) return parts;
  const text = 'perhaps the CRC-32C; it cannot be checked';
  return [...parts, partOf(opened, 'crc', [end, frame.length], { value: hexNumber(readU32(frame, end), 8), text })];
}
