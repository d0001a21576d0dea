import { explainEncoded } from './explain/explain-frame.js';
import type { WirePart } from './explain/wire-part.js';

/**
 * Explains every byte of a frame on the wire, for a person who looks at a capture. docs/protocol.md sections 1 to 3.
 *
 * @param bytes The wire bytes of a frame, delimiters included. The frame can be damaged or cut. If there are several
 * frames, each of them is explained. Any bytes are allowed.
 * @returns The parts in wire order, without a gap and without an overlap. Together they cover all bytes. At least one
 * part has a `problem` if, and only if, `decodeWire` returns an error for these bytes. If there are several problems, a
 * receiver finds one of them first, and reports only that one. Never throws.
 */
export function explainWire(bytes: Uint8Array): WirePart[] {
  const parts: WirePart[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    while (at < bytes.length && bytes[at] === 0) at++;
    parts.push(...explainZeros(start, at, at < bytes.length));
    const frame = at;
    while (at < bytes.length && bytes[at] !== 0) at++;
    if (at > frame) parts.push(...explainEncoded(bytes, frame, at));
  }
  return parts;
}

/** Explains a run of zeros. A frame is before it unless it starts at 0. `opens`: a frame is after it. */
function explainZeros(start: number, end: number, opens: boolean): WirePart[] {
  const closes = start > 0;
  const delimiter = (at: number, text: string): WirePart => ({ start: at, end: at + 1, part: 'delimiter', text });
  if (closes && opens && end === start + 1) return [delimiter(start, 'delimiter: a frame ends, the next one starts')];
  const parts: WirePart[] = [];
  const first = start + Number(closes);
  const last = end - Number(opens && end > start);
  if (first > start) parts.push(delimiter(start, 'delimiter: the frame ends'));
  if (last > first) parts.push({ start: first, end: last, part: 'padding', text: 'padding: it means nothing' });
  if (end > last) parts.push(delimiter(last, 'delimiter: the frame starts'));
  return parts;
}
