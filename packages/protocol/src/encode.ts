import { cobsEncode } from './cobs.js';
import { crc32c } from './crc32c.js';
import {
  AMOUNT,
  amount,
  EXPIRY_TIME,
  expiryTime,
  FIELDS,
  type Field,
  type FieldName,
  ORDER_ID,
  orderId,
  PAYMENT_METHOD,
  POINT,
  paymentMethod,
  RESULT,
} from './field-table.js';
import { LAYOUTS, type Layout, type Shape, shapeOf } from './layout.js';
import type { CommandId, Message } from './message.js';
import {
  CRC_LENGTH,
  LINK_STATES,
  MAX_ENCODED_LENGTH,
  MessageType,
  MIN_FRAME_LENGTH,
  PAYMENT_METHODS,
  type PaymentMethod,
  VERSION,
  WIRE_RESULTS,
} from './wire.js';

/** Everything a message can hold, as the encoder reads it: nothing is taken for granted. */
type AnyFields = { readonly [name in FieldName | 'type' | 'simulated']?: unknown };

/**
 * Where a frame is put together, from the third byte on: before it stand a delimiter and the first code of COBS. One
 * buffer for all calls: encoding is synchronous, and a fresh one each time would cost more than the rest of the work.
 */
const wire = new Uint8Array(256);
const FRAME_START = 2;

/**
 * Encodes a message as wire bytes, both delimiters included: what goes to `Link.write` as it is. docs/protocol.md
 * sections 1 to 3. A property that the message's type does not have is not looked at.
 * @throws RangeError that names the field when the message breaks a rule of its type; nothing is encoded then.
 */
export function encodeMessage(message: Message): Uint8Array {
  const type = MessageType[message.type];
  const form = LAYOUTS[type];
  if (!form) throw new RangeError(`type ${String(message.type)} is not a message type`);
  const { known } = form;
  const fields: AnyFields = message;
  // Read once and before anything is written: a getter may encode a message of its own.
  const { paymentMethod: method, amount: sum, orderId: order, expiryTime: expiry } = fields;
  const { session, sequence } = message;
  headerField('session', session, 0xffff);
  headerField('sequence', sequence, 0xff);
  // Written here once more and not in a function: each call in here costs a fiftieth of the whole.
  wire[2] = VERSION;
  wire[3] = type;
  wire[4] = session;
  wire[5] = session >>> 8;
  wire[6] = sequence;
  let end = 7;
  let present = 0;
  // One by one and not in a loop: the fields of a PAY are the ones that have to be fast.
  if (method !== undefined && known & PAYMENT_METHOD) {
    end = text(paymentMethod, method, end) || refuse(form, paymentMethod);
    present = PAYMENT_METHOD;
  }
  if (sum !== undefined && known & AMOUNT) {
    end = text(amount, sum, end) || refuse(form, amount);
    present |= AMOUNT;
  }
  if (order !== undefined && known & ORDER_ID) {
    end = text(orderId, order, end) || refuse(form, orderId);
    present |= ORDER_ID;
  }
  if (expiry !== undefined && known & EXPIRY_TIME) {
    end = number(expiryTime, expiry, end) || refuse(form, expiryTime);
    present |= EXPIRY_TIME;
  }
  let shape: Shape = form;
  if (known >= RESULT) {
    // What only HELLO and what a device says have.
    const result = indexOf(WIRE_RESULTS, fields.result);
    const state = indexOf(LINK_STATES, fields.state);
    const flags = flagsOf(fields);
    const lastCommand = commandIdOf(fields.lastCommand);
    const special: AnyFields = { result, state, flags, lastCommand };
    for (const field of FIELDS.slice(4)) {
      const value = (field.name in special ? special : fields)[field.name];
      if (value === undefined || !(known & field.bit)) continue;
      end = write(field, value, end) || refuse(form, field);
      present |= field.bit;
    }
    shape = shapeOf(form, result ?? -1, state ?? -1);
  }
  const missing = shape.required & ~present;
  if (missing) refuse(form, first(missing), 'is missing');
  const excess = present & ~(shape.required | shape.optional);
  if (excess) refuse(form, first(excess), 'does not belong here');
  return cobsEncode(wire, littleEndian(crc32c(wire, FRAME_START, end), CRC_LENGTH, end));
}

function indexOf(names: readonly unknown[], value: unknown): number | undefined {
  return value === undefined ? undefined : names.indexOf(value);
}

/** The flags byte: `flags` where it is given, and `simulated` is its lowest bit. -1 when the two disagree. */
function flagsOf({ simulated, flags }: AnyFields): unknown {
  const lowestBit = simulated ? 1 : 0;
  if (flags === undefined) return lowestBit || undefined;
  return isUint(flags, 255) && (flags & 1) === lowestBit ? flags : -1;
}

/** A command's session and sequence as one number of three bytes. -1 when it has none. */
function commandIdOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const { session, sequence } = Object(value) as Partial<CommandId>;
  return isUint(session, 0xffff) && isUint(sequence, 0xff) ? session | (sequence << 16) : -1;
}

/** The parts of a frame, for whoever builds one that no `Message` describes: another version, a wrong payload. */
export interface FrameParts {
  readonly version?: number;
  readonly type: number;
  readonly session: number;
  readonly sequence: number;
  /** The TLVs as bytes; nothing in here is checked. At most 118 bytes, so that the frame stays within 128. */
  readonly payload?: Uint8Array;
}

/**
 * Encodes any frame with a right CRC as wire bytes, both delimiters included, whatever its payload means.
 * @throws RangeError when a number does not fit its field, or the frame would be longer than 128 encoded bytes.
 */
export function encodeFrame({ version = VERSION, type, session, sequence, payload }: FrameParts): Uint8Array {
  headerField('version', version, 0xff);
  headerField('type', type, 0xff);
  headerField('session', session, 0xffff);
  headerField('sequence', sequence, 0xff);
  wire[2] = version;
  wire[3] = type;
  wire[4] = session;
  wire[5] = session >>> 8;
  wire[6] = sequence;
  let end = 7;
  if (payload) {
    const { length } = payload;
    if (length + MIN_FRAME_LENGTH + 1 > MAX_ENCODED_LENGTH) {
      throw new RangeError(`payload of ${length} bytes makes a frame longer than ${MAX_ENCODED_LENGTH} encoded bytes`);
    }
    wire.set(payload, end);
    end += length;
  }
  return cobsEncode(wire, littleEndian(crc32c(wire, FRAME_START, end), CRC_LENGTH, end));
}

function headerField(name: string, value: number, max: number): void {
  if (!isUint(value, max)) throw new RangeError(`${name} ${String(value)} is not a whole number from 0 to ${max}`);
}

/** Whether a value can be a field of a message: what the encoder takes. */
export function isField(field: Field, value: unknown): boolean {
  return write(field, value, FRAME_START) > 0;
}

/** Writes a field to `wire[at...]` and returns where it ends there; 0 when its value breaks its rule. */
function write(field: Field, value: unknown, at: number): number {
  return field.length < 0 ? text(field, value, at) : number(field, value, at);
}

function text(field: Field, value: unknown, at: number): number {
  // Before anything is written: a text can have any length.
  if (typeof value !== 'string' || value.length > -field.length) return 0;
  if (value === '' || (field.bit === PAYMENT_METHOD && !PAYMENT_METHODS.includes(value as PaymentMethod))) return 0;
  const { lowest, highest } = field;
  const { length } = value;
  wire[at++] = field.tag;
  wire[at++] = length;
  let points = 0;
  for (let place = 0; place < length; place++) {
    const char = value.charCodeAt(place);
    if (char < lowest || char > highest) {
      if (char !== POINT || place === 0 || place + 1 === length || points++ > 0) return 0;
    }
    wire[at++] = char;
  }
  return at;
}

function number(field: Field, value: unknown, at: number): number {
  if (!isUint(value, field.highest) || value < field.lowest) return 0;
  wire[at] = field.tag;
  wire[at + 1] = field.length;
  return littleEndian(value, field.length, at + 2);
}

/** Writes a number to `wire[at...]` and returns where it ends there. What follows overwrites the rest of four bytes. */
function littleEndian(value: number, length: number, at: number): number {
  wire[at] = value;
  wire[at + 1] = value >>> 8;
  wire[at + 2] = value >>> 16;
  wire[at + 3] = value >>> 24;
  return at + length;
}

function isUint(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >>> 0 === value && value <= max;
}

function refuse(form: Layout, field: Field, why = 'breaks its rule'): never {
  throw new RangeError(`${form.name}: ${field.name} ${why}`);
}

/** The first field of a set that is not empty. */
function first(bits: number): Field {
  return FIELDS.find(({ bit }) => bit & bits)!;
}
