import { REPLY_BIT } from '../schema/limits.js';
import { type FieldOf, MESSAGES, type MessageRow, type MessageTypeName, REFUSAL } from '../schema/messages.js';
import { FIELDS_BY_TAG, type Field } from './field.js';

/** Whether a message has a field: it must, it may, or it must not although its type knows the field. */
export type Presence = 'required' | 'optional' | 'excess';

/** A row of the table of messages as the loops use it. */
export interface Layout {
  readonly name: MessageTypeName;
  readonly type: number;
  /** Every field that some message of the type has, in the order of the wire. Any other tag is unknown there. */
  readonly fields: readonly Field[];
  /** How many bytes all of them together can have on the wire. */
  readonly longest: number;
  /** Which of `fields` tell the shape of a reply; -1 in a request. */
  readonly result: number;
  readonly state: number;
  /** For each of `fields`, in a message that is no refusal. */
  readonly success: readonly Presence[];
  /** The same, when the state is ready. */
  readonly ready: readonly Presence[];
  /** The same, in a refusal. */
  readonly refusal: readonly Presence[];
}

function layout({ type, name, fields: plain, whenReady = [] }: MessageRow): Layout {
  const isReply = (type & REPLY_BIT) !== 0;
  const all: readonly FieldOf[] = [...plain, ...whenReady, ...(isReply ? REFUSAL : [])];
  const fields = FIELDS_BY_TAG.filter((field) => all.some((each) => each.replace('?', '') === field.name));
  const shape = (list: readonly FieldOf[]) =>
    fields.map((field): Presence => {
      if (list.includes(field.name)) return 'required';
      return list.includes(`${field.name}?`) ? 'optional' : 'excess';
    });
  return {
    name: name as MessageTypeName,
    type,
    fields,
    longest: fields.reduce((sum, field) => sum + 2 + field.longest, 0),
    result: fields.findIndex((field) => field.name === 'result'),
    state: fields.findIndex((field) => field.name === 'state'),
    success: shape(plain),
    ready: shape([...plain, ...whenReady]),
    refusal: shape(REFUSAL),
  };
}

/** The layout of each type byte; nothing for an unknown type. */
export const LAYOUTS: (Layout | undefined)[] = [];
for (const row of MESSAGES) LAYOUTS[row.type] = layout(row);

/** Which fields a message must and may have, given the values of its fields: those of its result and state decide. */
export function shapeOf(layout: Layout, values: readonly unknown[]): readonly Presence[] {
  if (layout.result < 0) return layout.success;
  const result = values[layout.result];
  if (result && result !== 'SUCCESS') return layout.refusal;
  return values[layout.state] === 'ready' ? layout.ready : layout.success;
}
