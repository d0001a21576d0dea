import { REPLY_BIT } from '../schema/limits.js';
import { type FieldOf, MESSAGES, type MessageRow, type MessageTypeName, REFUSAL } from '../schema/messages.js';
import { FIELDS_BY_TAG, type Field } from './field.js';

/**
 * `required`: the message must have the field. `optional`: it may have the field. `excess`: the type knows the field,
 * but this message must not have it.
 */
export type Presence = 'required' | 'optional' | 'excess';

/** A row of the message table, in the form that the encoder and decoder loops use. */
export interface Layout {
  readonly name: MessageTypeName;
  readonly type: number;
  /** Every field that a message of this type can have, in wire order. Any other tag is unknown in this type. */
  readonly fields: readonly Field[];
  /** The length of all fields together on the wire, in bytes, at most. */
  readonly longest: number;
  /** The indexes in `fields` of the result and of the state, which decide the shape of a reply. -1 in a request. */
  readonly result: number;
  readonly state: number;
  /** The presence of each of `fields` in a message that is not a refusal. */
  readonly success: readonly Presence[];
  /** The presence of each of `fields` if the state is ready. */
  readonly ready: readonly Presence[];
  /** The presence of each of `fields` in a refusal. */
  readonly refusal: readonly Presence[];
}

function layout({ type, name, fields: plain, whenReady = [] }: MessageRow): Layout {
  const all: readonly FieldOf[] = [...plain, ...whenReady, ...(type & REPLY_BIT ? REFUSAL : [])];
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

/** The layouts by type byte; undefined for an unknown type. */
export const LAYOUTS: (Layout | undefined)[] = [];
for (const row of MESSAGES) LAYOUTS[row.type] = layout(row);

/** Returns the presence of each field. The values of the result and the state decide. */
export function shapeOf(layout: Layout, values: readonly unknown[]): readonly Presence[] {
  if (layout.result < 0) return layout.success;
  const result = values[layout.result];
  if (result && result !== 'SUCCESS') return layout.refusal;
  return values[layout.state] === 'ready' ? layout.ready : layout.success;
}
