import { cobsEncode } from './cobs.js';
import { crcOf } from './crc32c.js';
import { type Field, type FieldName, fits, isUint, put, putUint } from './field-table.js';
import { LAYOUTS, type Layout, shapeOf } from './layout.js';
import type { Message } from './message.js';
import { CRC_LENGTH, MessageType, SENT_PAYLOAD, SENT_START, VERSION } from './wire.js';

/** What a message can hold, as the encoder reads it: nothing is taken for granted. */
type AnyMessage = Pick<Message, 'session' | 'sequence'> & { readonly [name in FieldName]?: unknown };

/**
 * Where a frame is put together. One buffer for all calls: encoding is synchronous, and a fresh one each time would cost
 * more than the rest of the work.
 */
export const wire = new Uint8Array(256);

/**
 * Encodes a message as wire bytes, both delimiters included: what goes to `Channel.write` as it is. docs/protocol.md
 * sections 1 to 3. A property that the message's type does not have is not looked at.
 * @throws RangeError that names the field when the message breaks a rule of its type; nothing is encoded then.
 */
export function encodeMessage(message: Message): Uint8Array {
  const type = MessageType[message.type];
  const form = LAYOUTS[type];
  if (!form) throw new RangeError(`${String(message.type)} is not a message type`);
  // Read before anything is written, and what is sent once: a getter may encode a message of its own.
  const { session, sequence, result, state, paymentMethod, amount, orderId, expiryTime } = message as AnyMessage;
  const { required, allowed } = shapeOf(form, result, state);
  const { fields } = form;
  // By name: the four fields of a PAY are the ones that have to be fast.
  const values =
    form.name === 'PAY'
      ? [paymentMethod, amount, orderId, expiryTime]
      : fields.map(({ name }) => (message as AnyMessage)[name]);
  let end = SENT_PAYLOAD;
  for (let index = 0; index < values.length; index++) {
    const field = fields[index]!;
    const value = values[index];
    if (value === undefined) {
      if (required & field.bit) refuse(form, field, 'is missing');
    } else {
      if (!(allowed & field.bit)) refuse(form, field, 'does not belong here');
      if (!fits(field, value)) refuse(form, field, 'breaks its rule');
      end = put(field, value, wire, end);
    }
  }
  return seal(VERSION, type, session, sequence, end);
}

function refuse(form: Layout, field: Field, why: string): never {
  throw new RangeError(`${form.name}: ${field.name} ${why}`);
}

/** Puts header, CRC and delimiters around the payload that stands in `wire[7..end)`. */
export function seal(version: number, type: number, session: number, sequence: number, end: number): Uint8Array {
  check('session', session, 0xffff);
  check('sequence', sequence, 0xff);
  wire[2] = version;
  wire[3] = type;
  wire[4] = session;
  wire[5] = session >>> 8;
  wire[6] = sequence;
  return cobsEncode(wire, putUint(crcOf(wire, SENT_START, end), CRC_LENGTH, wire, end));
}

export function check(name: string, value: number, max: number): void {
  if (!isUint(value, max)) throw new RangeError(`${name} ${String(value)} is not a whole number from 0 to ${max}`);
}
