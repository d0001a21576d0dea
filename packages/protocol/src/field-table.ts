import { EXPIRY_TIME, LAST_COMMAND } from './field-bits.js';
import type { CommandId } from './message.js';
import { PAYMENT_LINK_STATES, PaymentMethod, WIRE_RESULTS } from './wire.js';

/** Where a field stands on the wire, and the rule for its value. */
export interface Field {
  readonly tag: number;
  /** Its name in a `Message`. */
  readonly name: FieldName;
  readonly bit: number;
  /** What a text looks like, where it has no names, or how many bytes a number has. */
  readonly rule: RegExp | number;
  /** What the numbers from 0 on mean, or all that a text can be. */
  readonly names: readonly unknown[] | undefined;
}
/** The names of all fields that a message can have. docs/protocol.md section 3. */
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
  | 'simulated'
  | 'lastCommand';

/** All fields by their tags; nothing for a tag that no message has. */
export const FIELDS: Field[] = [];

let bit = 1;
function field(tag: number, name: FieldName, rule: RegExp | number, names?: readonly unknown[]): void {
  FIELDS[tag] = { tag, name, bit, rule, names };
  bit *= 2;
}
field(0x01, 'paymentMethod', /./, Object.values(PaymentMethod));
field(0x02, 'amount', /^(?=.{1,8}$)\d+(\.\d+)?$/);
field(0x03, 'orderId', /^[!-~]{1,16}$/);
field(0x04, 'expiryTime', 4);
field(0x10, 'result', 1, WIRE_RESULTS);
field(0x11, 'reason', 1);
field(0x12, 'state', 1, PAYMENT_LINK_STATES);
field(0x13, 'remaining', 4);
field(0x14, 'taps', 1);
field(0x20, 'nonce', 4);
field(0x21, 'model', /^[ -~]{1,16}$/);
field(0x22, 'firmware', /^[ -~]{1,16}$/);
field(0x23, 'serialNumber', /^[ -~]{1,32}$/);
field(0x24, 'bootId', 4);
field(0x25, 'simulated', 1, [false, true]);
field(0x26, 'lastCommand', 3);

/** Whether a value keeps the rule of its field. docs/protocol.md section 6. */
export function fits({ bit, rule, names }: Field, value: unknown): boolean {
  // V8 inlines this, and `includes` not.
  if (names) return names.some((name) => name === value);
  if (typeof rule !== 'number') return typeof value === 'string' && rule.test(value);
  if (bit === LAST_COMMAND) {
    const command = Object(value) as CommandId;
    return isUint(command.session, 0xffff) && isUint(command.sequence, 0xff);
  }
  if (bit === EXPIRY_TIME) return isUint(value, 0x7fffffff) && value > 0;
  return isUint(value, 0xffffffff >>> (32 - 8 * rule));
}

/** Writes a field whose value fits to `wire[at...]` and returns where it ends there. */
export function put({ tag, bit, rule, names }: Field, value: unknown, wire: Uint8Array, at: number): number {
  wire[at++] = tag;
  if (typeof rule === 'number') {
    wire[at++] = rule;
    let number = names ? names.indexOf(value) : (value as number);
    if (bit === LAST_COMMAND) number = (value as CommandId).session | ((value as CommandId).sequence << 16);
    return putUint(number, rule, wire, at);
  }
  const text = value as string;
  wire[at++] = text.length;
  for (let place = 0; place < text.length; ) wire[at++] = text.charCodeAt(place++);
  return at;
}

/** Writes a number of `length` bytes, little-endian, to `wire[at...]` and returns where it ends there. */
export function putUint(value: number, length: number, wire: Uint8Array, at: number): number {
  for (; length--; value >>>= 8) wire[at++] = value;
  return at;
}

/**
 * Whether a value keeps the rule of the field with this name, as docs/protocol.md section 6 has it. Takes anything; false
 * for a name that no field has.
 */
export function isFieldValid(name: FieldName, value: unknown): boolean {
  return FIELDS.some((field) => field.name === name && fits(field, value));
}

export function isUint(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >>> 0 === value && value <= max;
}
