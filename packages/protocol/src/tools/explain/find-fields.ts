import { FIELDS_BY_TAG, type Field } from '../../codec/field.js';
import type { Layout } from '../../codec/layout.js';
import { CRC_LENGTH, HEADER_LENGTH } from '../../schema/limits.js';

/** Where the fields of a frame are, and what is known of them. */
export interface FieldRoom {
  /** The fields of the type. Undefined if the type is not known. */
  readonly layout: Layout | undefined;
  /** The offset in the frame after the last byte that can belong to a field. */
  readonly to: number;
  /** True if `to` is the end of the payload. False if bytes are missing or wrong, so that its end is not known. */
  readonly isEndKnown: boolean;
  /** True if the last four bytes are perhaps the CRC. */
  readonly crcMayFollow: boolean;
}

/** A field as it stands in the frame. Offsets count from the first byte of the frame. */
export interface FoundField {
  readonly tag: number;
  /** The offset of the tag. */
  readonly at: number;
  /** The length byte. Undefined if there is none. */
  readonly length: number | undefined;
  /** The offset after the value, or after the last byte that is there. */
  readonly end: number;
  /** True if the length or a byte of the value is not there. */
  readonly isCut: boolean;
  /** True if a field with a tag that is as high or higher stands before it. */
  readonly isTooLate: boolean;
  /** The field that has this tag. Undefined if the type does not know the tag. */
  readonly known: Field | undefined;
  /** The decoded value, or `BROKEN`. Undefined if it is cut or not known. */
  readonly value: unknown;
}

/** The value of a field that breaks its rule. */
export const BROKEN = Symbol('broken');

/**
 * Finds the fields of a frame. docs/protocol.md section 2. Unlike the decoder it goes on after a field that is wrong.
 */
export function findFields(frame: Uint8Array, { layout, to, isEndKnown, crcMayFollow }: FieldRoom): FoundField[] {
  const fields = layout?.fields ?? FIELDS_BY_TAG;
  const found: FoundField[] = [];
  let highest = -1;
  for (let at = HEADER_LENGTH; at < to; ) {
    if (crcMayFollow && to - at === CRC_LENGTH) break;
    const tag = frame[at]!;
    const length = at + 1 < to ? frame[at + 1]! : undefined;
    const known = fields.find((field) => field.tag === tag);
    const isTooLate = tag <= highest;
    // In a damaged frame such a byte is probably no tag. What follows it would be a row of fields that nobody wrote.
    const isLost = isTooLate && !known && !isEndKnown;
    const end = isLost ? to + 1 : at + 2 + (length ?? 0);
    const isCut = end > to;
    const value = known && !isCut ? readValue(known, frame, at + 2, end) : undefined;
    found.push({ tag, at, length, end: Math.min(end, to), isCut, isTooLate, known, value });
    highest = Math.max(highest, tag);
    at = end;
  }
  return found;
}

function readValue(field: Field, frame: Uint8Array, start: number, end: number): unknown {
  if (field.size !== undefined && field.size !== end - start) return BROKEN;
  return field.read(frame, start, end) ?? BROKEN;
}
