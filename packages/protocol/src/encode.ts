import { cobsEncode } from './cobs.js';
import { crc32c } from './crc32c.js';
import { FLAGS, LAST_COMMAND, RESULT } from './field-bits.js';
import { FIELDS, type Field, type FieldName, isUint, put, putUint } from './field-table.js';
import { LAYOUTS, type Layout, shapeOf } from './layout.js';
import type { CommandId, Message } from './message.js';
import {
  CRC_LENGTH,
  MAX_ENCODED_LENGTH,
  MessageType,
  MIN_FRAME_LENGTH,
  SENT_PAYLOAD,
  SENT_START,
  VERSION,
} from './wire.js';

/** Everything a message can hold, as the encoder reads it: nothing is taken for granted. */
type AnyFields = { readonly [name in FieldName | 'simulated']?: unknown };

/**
 * Where a frame is put together. One buffer for all calls: encoding is synchronous, and a fresh one each time would cost more than the rest of the work.
 */
const wire = new Uint8Array(256);
/**
 * Encodes a message as wire bytes, both delimiters included: what goes to `Link.write` as it is. docs/protocol.md
 * sections 1 to 3. A property that the message's type does not have is not looked at.
 * @throws RangeError that names the field when the message breaks a rule of its type; nothing is encoded then.
 */
export function encodeMessage(message: Message): Uint8Array {
  const type = MessageType[message.type];
  const form = LAYOUTS[type];
  if (!form) throw new RangeError(`type ${String(message.type)} is not a message type`);
  // Read once and before anything is written: a getter may encode a message of its own.
  const { session, sequence } = message;
  const { paymentMethod, amount, orderId, expiryTime } = message as AnyFields;
  const values = [paymentMethod, amount, orderId, expiryTime];
  // What only HELLO and what a device says have.
  if (form.known >= RESULT) for (const field of FIELDS.slice(4)) values.push(wireValue(field, message as AnyFields));
  let end = SENT_PAYLOAD;
  let present = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const field = FIELDS[index]!;
    const { bit } = field;
    if (value === undefined || !(form.known & bit)) continue;
    end = put(field, value, wire, end) || refuse(form, bit, 'breaks its rule');
    present |= bit;
  }
  const { required, optional } = shapeOf(form, values[4] as number, values[6] as number);
  const missing = required & ~present;
  if (missing) refuse(form, missing, 'is missing');
  const excess = present & ~(required | optional);
  if (excess) refuse(form, excess, 'does not belong here');
  return seal(VERSION, type, session, sequence, end);
}

/** The value of a field as it stands on the wire; -1, which no field holds, where there is none. */
function wireValue({ name, bit, names }: Field, fields: AnyFields): unknown {
  const value = fields[name];
  if (bit === FLAGS) {
    // `flags` where it is given, and `simulated` is its lowest bit.
    const lowestBit = fields.simulated ? 1 : 0;
    if (value === undefined) return lowestBit || undefined;
    return isUint(value, 0xff) && (value & 1) === lowestBit ? value : -1;
  }
  if (value === undefined) return value;
  if (bit !== LAST_COMMAND) return names ? names.indexOf(value as string) : value;
  const { session, sequence } = Object(value) as CommandId;
  return isUint(session, 0xffff) && isUint(sequence, 0xff) ? session | (sequence << 16) : -1;
}

/** Names the first field of a set. */
function refuse({ name }: Layout, bits: number, why: string): never {
  throw new RangeError(`${name}: ${FIELDS.find(({ bit }) => bit & bits)!.name} ${why}`);
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
  const length = payload?.length ?? 0;
  if (length + MIN_FRAME_LENGTH + 1 > MAX_ENCODED_LENGTH) {
    throw new RangeError(`payload of ${length} bytes makes a frame longer than ${MAX_ENCODED_LENGTH} encoded bytes`);
  }
  check('version', version, 0xff);
  check('type', type, 0xff);
  if (payload) wire.set(payload, SENT_PAYLOAD);
  return seal(version, type, session, sequence, SENT_PAYLOAD + length);
}

/** Puts header, CRC and delimiters around the payload that stands in `wire[7..end)`. */
function seal(version: number, type: number, session: number, sequence: number, end: number): Uint8Array {
  check('session', session, 0xffff);
  check('sequence', sequence, 0xff);
  wire[2] = version;
  wire[3] = type;
  wire[4] = session;
  wire[5] = session >>> 8;
  wire[6] = sequence;
  return cobsEncode(wire, putUint(crc32c(wire, SENT_START, end), CRC_LENGTH, wire, end));
}

function check(name: string, value: number, max: number): void {
  if (!isUint(value, max)) throw new RangeError(`${name} ${String(value)} is not a whole number from 0 to ${max}`);
}
