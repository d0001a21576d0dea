import { LINK_STATES, PAYMENT_METHODS, WIRE_RESULTS } from './wire.js';

/** Where a field stands on the wire, and the rule for its value. */
export interface Field {
  /** Its name in a `Message`. */
  readonly name: FieldName;
  readonly bit: number;
  readonly tag: number;
  /** How many bytes a number has; how many characters a text has at most, below zero. */
  readonly length: number;
  /** The lowest value of a number, or of a character of a text. */
  readonly lowest: number;
  readonly highest: number;
  /** The texts it may be, or what its numbers mean. */
  readonly names?: readonly string[] | undefined;
}
export type FieldName =
  | 'paymentMethod'
  | 'amount'
  | 'orderId'
  | 'expiryTime'
  | 'result'
  | 'reason'
  | 'state'
  | 'remaining'
  | 'taps'
  | 'nonce'
  | 'model'
  | 'firmware'
  | 'serialNumber'
  | 'bootId'
  | 'flags'
  | 'lastCommand';

/** All fields, in the order of the bits. */
export const FIELDS: Field[] = [];
/** The same by their tags; nothing for a tag that no message has. */
export const FIELD_OF_TAG: (Field | undefined)[] = [];

function number(name: FieldName, tag: number, length: number, highest: number, lowest = 0, names?: readonly string[]) {
  FIELD_OF_TAG[tag] = FIELDS[FIELDS.length] = { name, bit: 1 << FIELDS.length, tag, length, lowest, highest, names };
}
function text(name: FieldName, tag: number, most: number, lowest = 0x20, highest = 0x7e, names?: readonly string[]) {
  number(name, tag, -most, highest, lowest, names);
}
text('paymentMethod', 0x01, 12, 0, 0, PAYMENT_METHODS);
text('amount', 0x02, 8, 0x30, 0x39);
text('orderId', 0x03, 16, 0x21);
number('expiryTime', 0x04, 4, 0x7fffffff, 1);
number('result', 0x10, 1, 3, 0, WIRE_RESULTS);
number('reason', 0x11, 1, 0xff);
number('state', 0x12, 1, 3, 0, LINK_STATES);
number('remaining', 0x13, 4, 0xffffffff);
number('taps', 0x14, 1, 0xff);
number('nonce', 0x20, 4, 0xffffffff);
text('model', 0x21, 16);
text('firmware', 0x22, 16);
text('serialNumber', 0x23, 32);
number('bootId', 0x24, 4, 0xffffffff);
number('flags', 0x25, 1, 0xff);
number('lastCommand', 0x26, 3, 0xffffff);

/** The one character of an amount that is no digit. Every other text may hold it anywhere. */
const POINT = 0x2e;

/** Whether a value keeps the rule of its field: the text itself, or the number as it stands on the wire. Section 6. */
export function fits(field: Field, value: unknown): boolean {
  if (typeof value === 'number') return field.length > 0 && isUint(value, field.highest) && value >= field.lowest;
  if (typeof value !== 'string') return false;
  const { length } = value;
  if (length === 0 || length > -field.length) return false;
  // Each property is read where it is needed, and the lengths come first: that halves the time of a PAY.
  if (field.names) return field.names.includes(value);
  const { lowest, highest } = field;
  let points = 0;
  for (let at = 0; at < length; at++) {
    const char = value.charCodeAt(at);
    if ((char < lowest || char > highest) && (char !== POINT || at === 0 || at + 1 === length || points++ > 0)) {
      return false;
    }
  }
  return true;
}

export function isUint(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >>> 0 === value && value <= max;
}
