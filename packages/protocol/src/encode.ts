import { cobsEncode } from './cobs.js';
import { crc32c } from './crc32c.js';
import { isAmount, isExpiryTime, isLabel, isOrderId, isPaymentMethod, MAX_TEXT_LENGTH } from './fields.js';
import {
  AMOUNT,
  EXPIRY_TIME,
  type Layout,
  LENGTHS,
  layoutOf,
  NAMES,
  ORDER_ID,
  PAYMENT_METHOD,
  RESULT,
  type Shape,
  shapeOf,
  TAGS,
} from './layout.js';
import type { CommandId, Message } from './message.js';
import {
  CRC_LENGTH,
  HEADER_LENGTH,
  LINK_STATES,
  MAX_ENCODED_LENGTH,
  MessageType,
  MIN_FRAME_LENGTH,
  VERSION,
  WIRE_RESULTS,
} from './wire.js';

/** Everything a message can hold, as the encoder reads it: nothing is taken for granted. */
type AnyFields = { readonly [name in (typeof NAMES)[number] | 'type' | 'simulated']?: unknown };

/**
 * Where a frame is put together. One buffer for all calls: encoding is synchronous, and a fresh one each time would
 * cost more than the rest of the work.
 */
const scratch = new Uint8Array(256);
/** Where the next byte goes. */
let end = 0;
/** The fields written so far, as bits. */
let present = 0;

/**
 * Encodes a message as wire bytes, both delimiters included: what goes to `Link.write` as it is. docs/protocol.md
 * sections 1 to 3. A property that the message's type does not have is not looked at.
 * @throws RangeError that names the field when the message breaks a rule of its type; nothing is encoded then.
 */
export function encodeMessage(message: Message): Uint8Array {
  const type = MessageType[message.type];
  const form = layoutOf(type);
  if (!form) throw new RangeError(`type ${String(message.type)} is not a message type`);
  begin(VERSION, type, message.session, message.sequence);

  const fields: AnyFields = message;
  const { known } = form;
  const { paymentMethod, amount, orderId, expiryTime } = fields;
  if (paymentMethod !== undefined && known & PAYMENT_METHOD) {
    if (!isPaymentMethod(paymentMethod)) refuse(form, 0);
    text(form, 0, paymentMethod);
  }
  if (amount !== undefined && known & AMOUNT) {
    const start = text(form, 1, amount);
    if (!isAmount(scratch, start, end)) refuse(form, 1);
  }
  if (orderId !== undefined && known & ORDER_ID) {
    const start = text(form, 2, orderId);
    if (!isOrderId(scratch, start, end)) refuse(form, 2);
  }
  if (expiryTime !== undefined && known & EXPIRY_TIME) {
    if (!isExpiryTime(expiryTime)) refuse(form, 3);
    number(3, expiryTime);
  }
  const shape = known < RESULT ? form : deviceFields(fields, form);
  const missing = shape.required & ~present;
  if (missing) refuse(form, lowest(missing), 'is missing');
  const excess = present & ~(shape.required | shape.optional);
  if (excess) refuse(form, lowest(excess), 'does not belong here');
  return finish();
}

/** The fields that only HELLO and what a device says have. Returns what the message must look like. */
function deviceFields(fields: AnyFields, form: Layout): Shape {
  const values: unknown[] = NAMES.map((name) => fields[name]);
  const result = indexOf(WIRE_RESULTS, fields.result);
  const state = indexOf(LINK_STATES, fields.state);
  values[4] = result;
  values[6] = state;
  values[14] = flagsOf(fields);
  values[15] = commandIdOf(fields.lastCommand);
  for (let index = 4; index < values.length; index++) {
    const value = values[index];
    if (value === undefined || !(form.known & (1 << index))) continue;
    const length = LENGTHS[index]!;
    if (length === 0) {
      const start = text(form, index, value);
      if (!isLabel(scratch, start, end, index === 12 ? 32 : 16)) refuse(form, index);
    } else {
      if (!isUint(value, 2 ** (8 * length) - 1)) refuse(form, index);
      number(index, value);
    }
  }
  return shapeOf(form, result ?? -1, state ?? -1);
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
  begin(version, type, session, sequence);
  if (payload) {
    const { length } = payload;
    if (length + MIN_FRAME_LENGTH + 1 > MAX_ENCODED_LENGTH) {
      throw new RangeError(`payload of ${length} bytes makes a frame longer than ${MAX_ENCODED_LENGTH} encoded bytes`);
    }
    scratch.set(payload, end);
    end += length;
  }
  return finish();
}

function begin(version: number, type: number, session: number, sequence: number): void {
  header('version', version, 0xff);
  header('type', type, 0xff);
  header('session', session, 0xffff);
  header('sequence', sequence, 0xff);
  scratch[0] = version;
  scratch[1] = type;
  scratch[2] = session;
  scratch[3] = session >>> 8;
  scratch[4] = sequence;
  end = HEADER_LENGTH;
  present = 0;
}

function header(name: string, value: number, max: number): void {
  if (!isUint(value, max)) throw new RangeError(`${name} ${String(value)} is not a whole number from 0 to ${max}`);
}

/** Writes a text whose rule is checked afterwards, on the bytes. Returns where its value begins. */
function text(form: Layout, index: number, value: unknown): number {
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH) refuse(form, index);
  const { length } = value;
  tag(index, length);
  const start = end;
  let all = 0;
  for (let at = 0; at < length; at++) {
    const char = value.charCodeAt(at);
    all |= char;
    scratch[start + at] = char;
  }
  if (all > 0x7f) refuse(form, index);
  end = start + length;
  return start;
}

function number(index: number, value: number): void {
  tag(index, LENGTHS[index]!);
  littleEndian(value, LENGTHS[index]!);
}

function tag(index: number, length: number): void {
  present |= 1 << index;
  scratch[end] = TAGS[index]!;
  scratch[end + 1] = length;
  end += 2;
}

function littleEndian(value: number, length: number): void {
  for (let shift = 0; shift < length * 8; shift += 8) scratch[end++] = value >>> shift;
}

function finish(): Uint8Array {
  littleEndian(crc32c(scratch, 0, end), CRC_LENGTH);
  return cobsEncode(scratch, end);
}

function isUint(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function refuse(form: Layout, index: number, why = 'breaks its rule'): never {
  throw new RangeError(`${form.name}: ${NAMES[index]} ${why}`);
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
