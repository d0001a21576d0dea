import type { FieldName } from '../schema/fields.js';
import type { Message } from '../schema/message-types.js';

/** A message being put together. */
export type Writable = { -readonly [name in FieldName]?: unknown } & Pick<Message, 'type' | 'session' | 'sequence'>;

/**
 * `message[property] = value`, with the four fields of a PAY by name: V8 adds a property faster when its name stands in the
 * code. With the last line alone decoding takes an eighth longer, and is at its bound.
 */
export function put(message: Writable, property: FieldName, value: unknown): void {
  if (property === 'paymentMethod') message.paymentMethod = value;
  else if (property === 'amount') message.amount = value;
  else if (property === 'orderId') message.orderId = value;
  else if (property === 'expiryTime') message.expiryTime = value;
  else message[property] = value;
}
