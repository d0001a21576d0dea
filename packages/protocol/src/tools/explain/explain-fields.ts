import type { Field } from '../../codec/field.js';
import { type Layout, type Presence, shapeOf } from '../../codec/layout.js';
import { CRITICAL_BIT, HEADER_LENGTH } from '../../schema/limits.js';
import { Reason } from '../../schema/reasons.js';
import { brokenValue, isLengthAllowed, plainValue, ruleText, valueText } from './field-words.js';
import { BROKEN, type FieldRoom, type FoundField, findFields } from './find-fields.js';
import { type OpenedFrame, partOf } from './opened-frame.js';
import type { WirePart } from './wire-part.js';
import { countedBytes, hexNumber, hexText, withReason } from './wire-words.js';

/**
 * Explains the fields of a frame. docs/protocol.md sections 2 and 3.
 * @returns The parts, and the offset in the frame after the last of them.
 */
export function explainFields(opened: OpenedFrame, room: FieldRoom): { parts: WirePart[]; end: number } {
  const found = findFields(opened.frame, room);
  const isWhole = room.isEndKnown && !found.some(({ isCut }) => isCut);
  const presence = isWhole && room.layout ? presenceOf(room.layout, found) : [];
  const missing = presence.filter(({ is, value }) => is === 'required' && value === undefined);
  const parts: WirePart[] = [];
  for (const each of found) {
    while (missing[0] && missing[0].field.tag < each.tag) {
      parts.push(explainMissing(opened, missing.shift()!.field, each.at, room.layout!));
    }
    const isExcess = presence.some(({ field, is }) => field === each.known && is === 'excess');
    parts.push(...explainField(opened, each, { ...room, isExcess }));
  }
  const end = found.at(-1)?.end ?? HEADER_LENGTH;
  for (const { field } of missing) parts.push(explainMissing(opened, field, end, room.layout!));
  return { parts, end };
}

/** Says of each field of the type whether the message must have it, with its value. */
function presenceOf(layout: Layout, found: readonly FoundField[]) {
  const values = layout.fields.map((field) => found.find(({ known }) => known === field)?.value);
  const shape = shapeOf(layout, values);
  return layout.fields.map((field, at): { field: Field; is: Presence; value: unknown } => {
    return { field, is: shape[at]!, value: values[at] };
  });
}

function explainMissing(
  { offset }: OpenedFrame,
  { tag, name }: Field,
  at: number,
  { name: message }: Layout,
): WirePart {
  const problem = withReason(
    `this ${message} must have the field 0x${hexNumber(tag, 2)}, ${name}`,
    Reason.MISSING_FIELD,
  );
  return { start: offset + at, end: offset + at, part: 'missing', name, text: `missing: ${name}`, problem };
}

interface Place extends FieldRoom {
  /** True if the type knows the field, but this message must not have it. */
  readonly isExcess: boolean;
}

function explainField(opened: OpenedFrame, field: FoundField, place: Place): WirePart[] {
  const { at, length, end, isCut, isTooLate, known } = field;
  if (isCut && !place.isEndKnown && (isTooLate || !known)) {
    const text = 'not understood: bytes are missing or wrong';
    return [partOf(opened, 'damaged', [at, end], { value: hexText(opened.frame.subarray(at, end)), text })];
  }
  const parts = [explainTag(opened, field, place)];
  if (length !== undefined) parts.push(explainLength(opened, field, length, place));
  if (end > at + 2) parts.push(explainValue(opened, field));
  return parts;
}

function explainTag(opened: OpenedFrame, field: FoundField, place: Place): WirePart {
  const { tag, at, known } = field;
  const words = known?.name ?? `not known${place.layout ? ` in ${place.layout.name}` : ''}`;
  const text = `${isCritical(field) ? 'critical field' : 'field'} 0x${hexNumber(tag, 2)}, ${words}`;
  const problem = problemOfTag(field, place);
  return partOf(opened, 'tag', [at, at + 1], { name: known?.name, value: tag, text, problem });
}

/** True if a receiver must refuse the message because it does not know this field. */
function isCritical({ known, tag }: FoundField): boolean {
  return !known && tag >= CRITICAL_BIT;
}

/** The order of the rules is that of docs/protocol.md section 3, "Order of checks". */
function problemOfTag(field: FoundField, { layout, isEndKnown, isExcess }: Place): string | undefined {
  if (field.isTooLate) return withReason('the tags must ascend, and none may come twice', Reason.BAD_VALUE);
  if (field.length === undefined && isEndKnown) {
    return withReason('the payload ends after this tag, before its length', Reason.BAD_VALUE);
  }
  if (isCritical(field)) {
    const what = 'a message with a critical field that is not known must be refused';
    return withReason(what, Reason.UNKNOWN_CRITICAL_TAG);
  }
  if (!isExcess) return undefined;
  const what = `this ${layout!.name} must not have ${field.known!.name}: its result and state decide`;
  return withReason(what, Reason.BAD_VALUE);
}

function explainLength(opened: OpenedFrame, field: FoundField, length: number, { isEndKnown }: Place): WirePart {
  const { tag, at, end, isCut, known, value } = field;
  let problem: string | undefined;
  if (isCut && isEndKnown) {
    const beyond = countedBytes(at + 2 + length - end);
    problem = withReason(`the value runs ${beyond} past the end of the payload`, Reason.BAD_VALUE);
  } else if (value === BROKEN && !isLengthAllowed(tag, length)) {
    problem = withReason(ruleText(tag), reasonOf(known!));
  }
  return partOf(opened, 'length', [at + 1, at + 2], { name: known?.name, value: length, text: 'length', problem });
}

function explainValue(opened: OpenedFrame, field: FoundField): WirePart {
  const { tag, at, length, end, isCut, known, value } = field;
  const place = [at + 2, end] as const;
  const bytes = opened.frame.subarray(...place);
  if (isCut) {
    const text = `${known?.name ?? 'value'}, cut: ${bytes.length} of ${countedBytes(length!)}`;
    const shown = known ? brokenValue(tag, bytes) : hexText(bytes);
    return partOf(opened, 'damaged', place, { name: known?.name, value: shown, text });
  }
  if (!known) {
    const text = tag < CRITICAL_BIT ? 'value, skipped' : 'value';
    return partOf(opened, 'unknown', place, { value: hexText(bytes), text });
  }
  if (value !== BROKEN) {
    const words = { name: known.name, value: plainValue(value), text: valueText(tag, value) };
    return partOf(opened, 'value', place, words);
  }
  const words = { name: known.name, value: brokenValue(tag, bytes), text: known.name };
  if (!isLengthAllowed(tag, bytes.length)) return partOf(opened, 'value', place, words);
  return partOf(opened, 'value', place, { ...words, problem: withReason(ruleText(tag), reasonOf(known)) });
}

/** The payment method has a reason of its own. docs/protocol.md section 3, "Order of checks". */
function reasonOf({ property }: Field): number {
  return property === 'paymentMethod' ? Reason.UNKNOWN_PAYMENT_METHOD : Reason.BAD_VALUE;
}
