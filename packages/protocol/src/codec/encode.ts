import { frameAround } from '../framing/frame.js';
import type { FieldName } from '../schema/fields.js';
import { VERSION } from '../schema/limits.js';
import type { Message } from '../schema/message-types.js';
import { MessageType } from '../schema/messages.js';
import type { Field } from './field.js';
import { LAYOUTS, type Layout, shapeOf } from './layout.js';

/** A message as the encoder reads it: any property can have any value. */
type AnyMessage = { readonly [name in FieldName]?: unknown };

/**
 * Encodes a message as wire bytes, including both delimiters. Pass the bytes to `Channel.write` unchanged.
 * docs/protocol.md sections 1 to 3. The encoder ignores a property that the message's type does not have.
 * @throws RangeError that names the field if the message breaks a rule of its type. Then nothing is encoded.
 */
export function encodeMessage(message: Message): Uint8Array {
  const { type, session, sequence } = message;
  const layout = LAYOUTS[MessageType[type]];
  if (!layout) throw new RangeError(`${String(type)} is not a message type`);
  // Each property is read once. The checked value is the encoded value, even if a getter returns another value later.
  const values = layout.fields.map(({ property }) => (message as AnyMessage)[property]);
  const payload = new Uint8Array(layout.longest);
  const length = encodeFields(layout, values, payload);
  return frameAround(payload, length, { version: VERSION, type: layout.type, session, sequence });
}

/** Writes the tag, length and value of each field that is present, in the order of the tags. Returns the end offset. */
function encodeFields(layout: Layout, values: readonly unknown[], payload: Uint8Array): number {
  const { fields } = layout;
  const shape = shapeOf(layout, values);
  let at = 0;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    const value = values[index];
    if (value === undefined) {
      if (shape[index] === 'required') refuse(layout, field, 'is missing');
      continue;
    }
    if (shape[index] === 'excess') refuse(layout, field, 'does not belong here');
    const end = field.write(value, payload, at + 2);
    if (end === undefined) refuse(layout, field, 'breaks its rule');
    payload[at] = field.tag;
    payload[at + 1] = end - at - 2;
    at = end;
  }
  return at;
}

function refuse(layout: Layout, field: Field, why: string): never {
  throw new RangeError(`${layout.name}: ${field.property} ${why}`);
}
