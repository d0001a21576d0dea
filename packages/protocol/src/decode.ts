import { AMOUNT, EXPIRY_TIME, FLAGS, LAST_COMMAND, ORDER_ID, PAYMENT_METHOD, RESULT } from './field-bits.js';
import { FIELDS, type FieldName, fits } from './field-table.js';
import type { Frame } from './frame.js';
import { LAYOUTS, shapeOf } from './layout.js';
import type { Message } from './message.js';
import { uint } from './uint.js';
import {
  BAD_VALUE,
  CRC_LENGTH,
  MISSING_FIELD,
  RECEIVED_PAYLOAD,
  UNKNOWN_CRITICAL_TAG,
  UNKNOWN_PAYMENT_METHOD,
  UNKNOWN_TYPE,
  UNKNOWN_VERSION,
  VERSION,
} from './wire.js';

/**
 * What decoding gives: never an exception. The reason why a whole frame is not a message of this version is what a device
 * answers to such a request, one of `Reason`.
 */
export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: number };

function failure(reason: number): Decoded {
  return { ok: false, reason };
}

/** A message being put together. */
type Writable = { -readonly [name in FieldName]?: unknown } & Pick<Message, 'type' | 'session' | 'sequence'>;

/**
 * Reads a frame as a message. Checks in the order of docs/protocol.md section 3 and reports the first that fails:
 * version, type, payload structure, critical tags, missing field, payment method, other values.
 */
export function decodeMessage(frame: Frame): Decoded {
  if (frame.version !== VERSION) return failure(UNKNOWN_VERSION);
  const form = LAYOUTS[frame.type];
  if (!form) return failure(UNKNOWN_TYPE);
  const { received, session, sequence } = frame;
  const message: Writable = { type: form.name, session, sequence };
  const end = frame.end - CRC_LENGTH;
  /** The fields that are there, and those of them whose value breaks its rule. */
  let present = 0;
  let bad = 0;
  let critical = 0;
  let lastTag = -1;
  for (let at = RECEIVED_PAYLOAD; at < end; ) {
    const tag = received[at]!;
    const length = received[at + 1]!;
    const start = at + 2;
    at = start + length;
    // A tag without a length reads the CRC's first byte as one, and ends behind it.
    if (tag <= lastTag || at > end) return failure(BAD_VALUE);
    lastTag = tag;
    const field = FIELDS[tag];
    if (!field || !(form.known & field.bit)) {
      critical |= tag & 0x80;
      continue;
    }
    const { bit, name, rule, names } = field;
    present |= bit;
    let value: unknown;
    if (typeof rule !== 'number') value = text(received, start, at);
    else {
      if (rule !== length) return failure(BAD_VALUE);
      const number = uint(received, start, at);
      // Only the lowest of the flags means anything.
      value = names ? names[bit === FLAGS ? number & 1 : number] : number;
      if (bit === LAST_COMMAND) value = { session: number & 0xffff, sequence: number >>> 16 };
    }
    // By name: the four fields of a PAY are the ones that have to be fast.
    if (!fits(field, value)) bad |= bit;
    else if (bit === PAYMENT_METHOD) message.paymentMethod = value;
    else if (bit === AMOUNT) message.amount = value;
    else if (bit === ORDER_ID) message.orderId = value;
    else if (bit === EXPIRY_TIME) message.expiryTime = value;
    else if (value !== false) message[name] = value;
  }
  if (critical) return failure(UNKNOWN_CRITICAL_TAG);
  const { required, allowed } = shapeOf(form, bad & RESULT || message.result, message.state);
  if (required & ~present) return failure(MISSING_FIELD);
  if (bad & PAYMENT_METHOD) return failure(UNKNOWN_PAYMENT_METHOD);
  if (bad | (present & ~allowed)) return failure(BAD_VALUE);
  return { ok: true, message: message as Message };
}

/** The characters of `bytes[at..end)`, a wallet's name at a time: much faster than one by one, or than a TextDecoder here. */
function text(bytes: Uint8Array, at: number, end: number): string {
  let value = '';
  for (; at < end; at += 12) {
    value += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
      bytes[at + 8]!,
      bytes[at + 9]!,
      bytes[at + 10]!,
      bytes[at + 11]!,
    ).slice(0, end - at);
  }
  return value;
}
