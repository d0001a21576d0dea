import {
  AMOUNT,
  BOOT_ID,
  EXPIRY_TIME,
  FIRMWARE,
  FLAGS,
  LAST_COMMAND,
  MODEL,
  NONCE,
  ORDER_ID,
  PAYMENT_METHOD,
  REASON,
  REMAINING,
  RESULT,
  SERIAL_NUMBER,
  STATE,
  TAPS,
} from './field-bits.js';
import { LINK_STATES, MessageType, type MessageTypeName } from './wire.js';

/** Which fields a message of each type has, as encoder and decoder share it. docs/protocol.md section 3. */

/** Which fields a message must have, and which it may have besides. */
export interface Shape {
  readonly required: number;
  readonly optional: number;
}
export interface Layout extends Shape {
  readonly name: MessageTypeName;
  /** Every field that some message of the type has; a tag outside is unknown there. */
  readonly known: number;
}

/** Every refusal is exactly these three. */
const REFUSAL: Shape = { required: RESULT | REASON | STATE, optional: 0 };
/** STATUS's reply describes a live link, and no other. */
const STATUS_OF_LIVE: Shape = {
  required: RESULT | STATE | REMAINING | PAYMENT_METHOD,
  optional: TAPS | AMOUNT | ORDER_ID,
};
const STATUS_OF_REST: Shape = { required: RESULT | STATE, optional: TAPS };

/** The layout of each type byte; nothing for an unknown type. */
export const LAYOUTS: (Layout | undefined)[] = [];
function layout(name: MessageTypeName, required: number, optional = 0): void {
  const known = required | optional | (required & RESULT ? REASON : 0);
  LAYOUTS[MessageType[name]] = { name, required, optional, known };
}
layout('HELLO', NONCE);
layout('PAY', PAYMENT_METHOD, AMOUNT | ORDER_ID | EXPIRY_TIME);
layout('CANCEL', 0, ORDER_ID);
layout('STATUS', 0);
layout('LINK', STATE, TAPS | ORDER_ID);
layout('HELLO_REPLY', RESULT | STATE | NONCE | MODEL | FIRMWARE | SERIAL_NUMBER | BOOT_ID, TAPS | FLAGS | LAST_COMMAND);
layout('PAY_REPLY', RESULT | STATE | REMAINING);
layout('CANCEL_REPLY', RESULT | STATE, TAPS);
layout('STATUS_REPLY', RESULT | STATE, TAPS | REMAINING | PAYMENT_METHOD | AMOUNT | ORDER_ID);

/** What a message of this layout must and may have, given its result and state as wire values (-1 when absent). */
export function shapeOf(form: Layout, result: number, state: number): Shape {
  if (result > 0) return REFUSAL;
  if (form.name !== 'STATUS_REPLY') return form;
  return LINK_STATES[state] === 'ready' ? STATUS_OF_LIVE : STATUS_OF_REST;
}
