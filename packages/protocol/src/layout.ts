import { LINK_STATES, MessageType, type MessageTypeName } from './wire.js';

/**
 * Which fields a message of each type has: the tables that encoder and decoder share. docs/protocol.md section 3.
 * A field is a bit here; the bits are in the order of the tags, which is the order on the wire.
 */
export const PAYMENT_METHOD = 1;
export const AMOUNT = 2;
export const ORDER_ID = 4;
export const EXPIRY_TIME = 8;
export const RESULT = 0x10;
export const REASON = 0x20;
export const STATE = 0x40;
export const REMAINING = 0x80;
export const TAPS = 0x100;
export const NONCE = 0x200;
export const MODEL = 0x400;
export const FIRMWARE = 0x800;
export const SERIAL_NUMBER = 0x1000;
export const BOOT_ID = 0x2000;
export const FLAGS = 0x4000;
export const LAST_COMMAND = 0x8000;

/** The name of each field in a `Message`, in the order of the bits. */
export const NAMES = [
  'paymentMethod',
  'amount',
  'orderId',
  'expiryTime',
  'result',
  'reason',
  'state',
  'remaining',
  'taps',
  'nonce',
  'model',
  'firmware',
  'serialNumber',
  'bootId',
  'flags',
  'lastCommand',
] as const;

/** The tag of each field, in the order of the bits. */
export const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26,
] as const;

/** The length of each field's value in bytes, in the order of the bits; 0 for text, whose length is a rule of its value. */
export const LENGTHS = [0, 0, 0, 4, 1, 1, 1, 4, 1, 4, 0, 0, 0, 4, 1, 3] as const;

/** Where a tag stands in these lists; 31 for a tag that no type has. */
export const INDEX_OF_TAG = new Uint8Array(256).fill(31);
TAGS.forEach((tag, index) => {
  INDEX_OF_TAG[tag] = index;
});

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

const LAYOUTS: (Layout | undefined)[] = [];
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

/** The layout of a type byte; undefined for an unknown type. */
export function layoutOf(type: number): Layout | undefined {
  return LAYOUTS[type];
}

/** What a message of this layout must and may have, given its result and state as wire values (-1 when absent). */
export function shapeOf(form: Layout, result: number, state: number): Shape {
  if (result > 0) return REFUSAL;
  if (form.name !== 'STATUS_REPLY') return form;
  return LINK_STATES[state] === 'ready' ? STATUS_OF_LIVE : STATUS_OF_REST;
}
