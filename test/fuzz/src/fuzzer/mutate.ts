// Makes a new stream of bytes from earlier streams. Half of the changes change bytes, as a bad line does. The other
// half change the content of a frame and then repair its CRC and COBS. Without the repair, no changed frame would be
// accepted.
import type { Random } from './random.js';
import { stuff, unstuff, withCrc } from './reference-frames.js';

/** The maximum length of a stream, in bytes: a few frames of the maximum length. */
const LONGEST = 600;

const BYTES = [0x00, 0x01, 0x02, 0x03, 0x04, 0x7f, 0x80, 0x81, 0xfe, 0xff];
const TAGS = [1, 2, 3, 4, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0, 0x7f, 0x80, 0xff];
const TYPES = [1, 2, 3, 4, 5, 0, 0x41, 0x42, 0x81, 0x82, 0x83, 0x84, 0xc1, 0xff];

/** Returns a new stream, made from `input` and sometimes from pieces of `others`. */
export function mutate(input: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = [...input];
  for (let times = 1 + random.below(4); times > 0; times--) {
    bytes = random.oneIn(2) ? changeBytes(bytes, others, random) : changeFrame(bytes, random);
  }
  return Uint8Array.from(bytes.slice(0, LONGEST));
}

function anyByte(random: Random): number {
  return random.oneIn(2) ? random.pick(BYTES) : random.below(256);
}

function changeBytes(bytes: number[], others: readonly Uint8Array[], random: Random): number[] {
  const at = random.below(bytes.length + 1);
  const count = 1 + random.below(random.oneIn(4) ? 140 : 8);
  const head = bytes.slice(0, at);
  const tail = bytes.slice(at);
  switch (random.below(9)) {
    case 0: // flip
      return tail.length === 0 ? bytes : [...head, (tail[0] ?? 0) ^ (1 << random.below(8)), ...tail.slice(1)];
    case 1: // set
      return [...head, anyByte(random), ...tail.slice(1)];
    case 2: // insert
      return [...head, anyByte(random), ...tail];
    case 3: // insert a run
      return [...head, ...new Array(count).fill(anyByte(random)), ...tail];
    case 4: // drop
      return [...head, ...tail.slice(count)];
    case 5: // duplicate
      return [...head, ...tail.slice(0, count), ...tail];
    case 6: // truncate
      return head;
    case 7: // splice
      return [...head, ...random.pick(others).slice(random.below(40))];
    default: // append
      return [...bytes, ...random.pick(others)];
  }
}

function changeFrame(bytes: number[], random: Random): number[] {
  const pieces = places(bytes);
  if (pieces.length === 0) return bytes;
  const [start, end] = random.pick(pieces);
  const frame = unstuff(bytes.slice(start, end));
  if (!frame || frame.length < 9) return bytes;
  const content = frame.slice(0, -4);
  const changed = random.oneIn(3) ? changeHeader(content, random) : changeFields(content, random);
  // The CRC is correct here. The changes of bytes make the wrong CRCs.
  return [...bytes.slice(0, start), ...stuff(withCrc(changed)), ...bytes.slice(end)];
}

/** Returns the positions of the encoded frames. */
function places(bytes: readonly number[]): (readonly [start: number, end: number])[] {
  const found: (readonly [number, number])[] = [];
  for (let start = 0, at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0) continue;
    if (at > start) found.push([start, at]);
    start = at + 1;
  }
  return found;
}

function changeHeader(content: number[], random: Random): number[] {
  const [version = 1, type = 1, low = 0, high = 0, sequence = 0, ...payload] = content;
  switch (random.below(6)) {
    case 0:
      return [anyByte(random), type, low, high, sequence, ...payload];
    case 1:
    case 2:
      return [version, random.pick(TYPES), low, high, sequence, ...payload];
    case 3:
      return [version, type, anyByte(random), anyByte(random), sequence, ...payload];
    case 4:
      return [version, type, low, high, (sequence + 1) & 0xff, ...payload];
    default:
      return [version, type, 0, 0, 0, ...payload];
  }
}

function changeFields(content: number[], random: Random): number[] {
  const header = content.slice(0, 5);
  const fields = cut(content.slice(5));
  const index = random.below(fields.length);
  const [tag = random.pick(TAGS), length = 0, ...value] = fields[index] ?? [];
  const before = fields.slice(0, index);
  const after = fields.slice(index + 1);
  const place = random.below(value.length);
  const put = (...middle: number[][]) => [header, ...before, ...middle, ...after].flat();
  switch (random.below(10)) {
    case 0: // another tag
      return put([random.pick(TAGS), length, ...value]);
    case 1: // another length, the same value
      return put([tag, random.oneIn(2) ? anyByte(random) : (length + (random.oneIn(2) ? 1 : -1)) & 0xff, ...value]);
    case 2: // another byte in the value
      return put([tag, length, ...value.slice(0, place), anyByte(random), ...value.slice(place + 1)]);
    case 3: // a longer value, with its length
      return put([tag, (length + 1) & 0xff, ...value.slice(0, place), anyByte(random), ...value.slice(place)]);
    case 4: // a shorter value, with its length
      return put([tag, Math.max(0, value.length - 1), ...value.slice(1)]);
    case 5: // no field
      return put();
    case 6: // the field twice
      return put([tag, length, ...value], [tag, length, ...value]);
    case 7: // a new field before it
      return put([random.pick(TAGS), 1, random.below(5)], [tag, length, ...value]);
    case 8: // a new field after it
      return put([tag, length, ...value], [random.pick(TAGS), 4, 1, 0, 0, random.below(2)]);
    default: // sort the fields by tag, which repairs an order that other changes broke
      return [header, ...fields.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))].flat();
  }
}

/** Cuts a payload into fields of tag, length and value. The incomplete rest is also a field. */
function cut(payload: readonly number[]): number[][] {
  const fields: number[][] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + 2 + (payload[at + 1] ?? 0);
    fields.push(payload.slice(at, end));
    at = end;
  }
  return fields;
}
