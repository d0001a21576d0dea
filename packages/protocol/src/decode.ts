import { isAmount, isExpiryTime, isLabel, isOrderId, paymentMethodOf } from './fields.js';
import type { Frame, FrameError } from './frame.js';
import { FrameDecoder } from './frame-decoder.js';
import {
  AMOUNT,
  EXPIRY_TIME,
  INDEX_OF_TAG,
  LENGTHS,
  layoutOf,
  NAMES,
  ORDER_ID,
  PAYMENT_METHOD,
  RESULT,
  STATE,
  shapeOf,
} from './layout.js';
import type { Message } from './message.js';
import {
  CRC_LENGTH,
  HEADER_LENGTH,
  LINK_STATES,
  RESULT_OF_REASON,
  Reason,
  VERSION,
  WIRE_RESULTS,
  type WireResult,
} from './wire.js';

export type MessageErrorCode =
  | 'unknown-version'
  | 'unknown-type'
  | 'bad-value'
  | 'unknown-critical-tag'
  | 'missing-field'
  | 'unknown-payment-method';

/** A whole frame that is not a message of this version, and what a device answers to such a request. Section 3. */
export interface MessageError {
  readonly layer: 'message';
  readonly code: MessageErrorCode;
  readonly result: WireResult;
  readonly reason: number;
}

/** What decoding gives: never an exception. */
export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: MessageError };

/** The same for wire bytes, where a frame can be dropped before it is looked into. */
export type DecodedWire = Decoded | { readonly ok: false; readonly error: FrameError };

function failure(code: MessageErrorCode, reason: number): { ok: false; error: MessageError } {
  return { ok: false, error: { layer: 'message', code, result: RESULT_OF_REASON[reason]!, reason } };
}
const UNKNOWN_VERSION = failure('unknown-version', Reason.UNKNOWN_VERSION);
const UNKNOWN_TYPE = failure('unknown-type', Reason.UNKNOWN_TYPE);
const BAD_VALUE = failure('bad-value', Reason.BAD_VALUE);
const CRITICAL_TAG = failure('unknown-critical-tag', Reason.UNKNOWN_CRITICAL_TAG);
const MISSING_FIELD = failure('missing-field', Reason.MISSING_FIELD);
const UNKNOWN_METHOD = failure('unknown-payment-method', Reason.UNKNOWN_PAYMENT_METHOD);

/** A message being put together. */
type Writable = { -readonly [name in (typeof NAMES)[number] | 'simulated']?: unknown } & Pick<
  Message,
  'type' | 'session' | 'sequence'
>;

/** Where the value of each field begins in the frame being decoded; its length stands one byte before. */
const offsets = new Uint8Array(LENGTHS.length);

/** Checks the first two things that a device checks: version, then type. */
export function checkHeader(frame: Frame): Decoded | undefined {
  if (frame.version !== VERSION) return UNKNOWN_VERSION;
  return layoutOf(frame.type) ? undefined : UNKNOWN_TYPE;
}

/**
 * Reads a frame as a message. Checks in the order of docs/protocol.md section 3 and reports the first that fails:
 * version, type, payload structure, critical tags, missing field, payment method, other values.
 */
export function decodeMessage(frame: Frame): Decoded {
  const { bytes } = frame;
  const form = bytes[0] === VERSION ? layoutOf(bytes[1]!) : undefined;
  if (!form) return checkHeader(frame)!;
  const { known } = form;
  const end = bytes.length - CRC_LENGTH;
  let present = 0;
  let critical = false;
  let lastTag = -1;
  for (let at = HEADER_LENGTH; at < end; ) {
    const tag = bytes[at]!;
    const length = bytes[at + 1]!;
    const value = at + 2;
    // A tag without a length would read the CRC's first byte as one: value > end catches it.
    if (tag <= lastTag || value > end || value + length > end) return BAD_VALUE;
    lastTag = tag;
    at = value + length;
    const index = INDEX_OF_TAG[tag]!;
    if (known & (1 << index)) {
      const fixed = LENGTHS[index]!;
      if (fixed > 0 && fixed !== length) return BAD_VALUE;
      present |= 1 << index;
      offsets[index] = value;
    } else if (tag >= 0x80) critical = true;
  }
  if (critical) return CRITICAL_TAG;

  const result = present & RESULT ? bytes[offsets[4]!]! : -1;
  const state = present & STATE ? bytes[offsets[6]!]! : -1;
  const { required, optional } = shapeOf(form, result, state);
  if (required & ~present) return MISSING_FIELD;

  const fields: Writable = { type: form.name, session: bytes[2]! | (bytes[3]! << 8), sequence: bytes[4]! };
  if (present & PAYMENT_METHOD) {
    const start = offsets[0]!;
    const paymentMethod = paymentMethodOf(bytes, start, start + bytes[start - 1]!);
    if (!paymentMethod) return UNKNOWN_METHOD;
    fields.paymentMethod = paymentMethod;
  }
  if (present & ~(required | optional)) return BAD_VALUE;
  if (present & AMOUNT) {
    const start = offsets[1]!;
    const stop = start + bytes[start - 1]!;
    if (!isAmount(bytes, start, stop)) return BAD_VALUE;
    fields.amount = text(bytes, start, stop);
  }
  if (present & ORDER_ID) {
    const start = offsets[2]!;
    const stop = start + bytes[start - 1]!;
    if (!isOrderId(bytes, start, stop)) return BAD_VALUE;
    fields.orderId = text(bytes, start, stop);
  }
  if (present & EXPIRY_TIME) {
    const expiryTime = number(bytes, 3);
    if (!isExpiryTime(expiryTime)) return BAD_VALUE;
    fields.expiryTime = expiryTime;
  }
  if (present >= RESULT && !deviceFields(bytes, present, fields)) return BAD_VALUE;
  return { ok: true, message: fields as Message };
}

/** The fields that only HELLO and what a device says have. False when a value breaks its rule. */
function deviceFields(bytes: Uint8Array, present: number, fields: Writable): boolean {
  for (let index = 4; index < NAMES.length; index++) {
    if (!(present & (1 << index))) continue;
    const value = LENGTHS[index] === 0 ? label(bytes, index) : meaningOf(index, number(bytes, index));
    if (value === undefined) return false;
    if (index === 14 && (value as number) & 1) fields.simulated = true;
    // Flags that `simulated` says all of are not said twice.
    if (index !== 14 || value !== 1) fields[NAMES[index]!] = value;
  }
  return true;
}

/** What the number of a field means; undefined when it is none that this version knows. */
function meaningOf(index: number, number: number): unknown {
  if (index === 4) return WIRE_RESULTS[number];
  if (index === 6) return LINK_STATES[number];
  return index === 15 ? { session: number & 0xffff, sequence: number >>> 16 } : number;
}

/**
 * Decodes bytes as they stand on a wire and gives one entry for each frame in them, dropped ones included.
 * A frame whose closing delimiter is missing counts as `incomplete`.
 */
export function decodeWire(wire: Uint8Array): DecodedWire[] {
  const found: DecodedWire[] = [];
  const decoder = new FrameDecoder({
    onFrame: (frame) => found.push(decodeMessage(frame)),
    onDrop: (code) => found.push({ ok: false, error: { layer: 'frame', code } }),
  });
  decoder.push(wire);
  decoder.reset();
  return found;
}

function label(bytes: Uint8Array, index: number): string | undefined {
  const start = offsets[index]!;
  const end = start + bytes[start - 1]!;
  return isLabel(bytes, start, end, index === 12 ? 32 : 16) ? text(bytes, start, end) : undefined;
}

/** Eight characters at a time: three times as fast as one by one, and much faster than a TextDecoder at this length. */
function text(bytes: Uint8Array, at: number, end: number): string {
  let value = '';
  for (; at + 8 <= end; at += 8) {
    value += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    );
  }
  for (; at < end; at++) value += String.fromCharCode(bytes[at]!);
  return value;
}

/** A field of fixed length as an unsigned number. */
function number(bytes: Uint8Array, index: number): number {
  const start = offsets[index]!;
  let value = 0;
  for (let at = start + LENGTHS[index]! - 1; at >= start; at--) value = (value << 8) | bytes[at]!;
  return value >>> 0;
}
