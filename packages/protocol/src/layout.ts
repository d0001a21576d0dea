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
import { FIELDS, type Field } from './field-table.js';
import { MessageType, type MessageTypeName, PAYMENT_LINK_STATES, WIRE_RESULTS } from './wire.js';

/** Which fields a message of each type has, as encoder and decoder share it. docs/protocol.md section 3. */

/** Which fields a message must have, and which it may have at all. */
export interface Shape {
  readonly required: number;
  readonly allowed: number;
}
export interface Layout extends Shape {
  readonly name: MessageTypeName;
  /** Every field that some message of the type has; a tag outside is unknown there. */
  readonly known: number;
  /** The same, in the order of the wire. */
  readonly fields: readonly Field[];
}

function shape(required: number, optional = 0): Shape {
  return { required, allowed: required | optional };
}
/** Every refusal is exactly these three. */
const REFUSAL = shape(RESULT | REASON | STATE);
/** STATUS's reply describes a live payment link, and no other. */
const STATUS_OF_LIVE = shape(RESULT | STATE | REMAINING | PAYMENT_METHOD, TAPS | AMOUNT | ORDER_ID);
const STATUS_OF_REST = shape(RESULT | STATE, TAPS);

/** The layout of each type byte; nothing for an unknown type. */
export const LAYOUTS: (Layout | undefined)[] = [];
function layout(name: MessageTypeName, required: number, optional = 0): void {
  const known = required | optional | (required & RESULT ? REASON : 0);
  const fields = FIELDS.filter(({ bit }) => bit & known);
  LAYOUTS[MessageType[name]] = { name, ...shape(required, optional), known, fields };
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

/** What a message of this layout must and may have, given what it says of its result and state. */
export function shapeOf(form: Layout, result: unknown, state: unknown): Shape {
  if (result && result !== WIRE_RESULTS[0]) return REFUSAL;
  if (form.name !== 'STATUS_REPLY') return form;
  return state === PAYMENT_LINK_STATES[1] ? STATUS_OF_LIVE : STATUS_OF_REST;
}
