import {
  AMOUNT,
  EXPIRY_TIME,
  FIELD_OF_TAG,
  type Field,
  type FieldName,
  FLAGS,
  LAST_COMMAND,
  ORDER_ID,
  PAYMENT_METHOD,
  POINT,
  RESULT,
  STATE,
} from './field-table.js';
import type { Frame, FrameError } from './frame.js';
import { FrameDecoder } from './frame-decoder.js';
import { LAYOUTS, shapeOf } from './layout.js';
import type { Message } from './message.js';
import {
  CRC_LENGTH,
  HEADER_LENGTH,
  LINK_STATES,
  PAYMENT_METHODS,
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

/** The code of an error is the name of its reason, in another spelling. */
function failure(name: keyof typeof Reason): { ok: false; error: MessageError } {
  const reason = Reason[name];
  const code = name.toLowerCase().replaceAll('_', '-') as MessageErrorCode;
  return { ok: false, error: { layer: 'message', code, result: RESULT_OF_REASON[reason]!, reason } };
}
const UNKNOWN_VERSION = failure('UNKNOWN_VERSION');
const UNKNOWN_TYPE = failure('UNKNOWN_TYPE');
const BAD_VALUE = failure('BAD_VALUE');
const CRITICAL_TAG = failure('UNKNOWN_CRITICAL_TAG');
const MISSING_FIELD = failure('MISSING_FIELD');
const UNKNOWN_METHOD = failure('UNKNOWN_PAYMENT_METHOD');

/** A message being put together. */
type Writable = { -readonly [name in FieldName | 'simulated']?: unknown } & Pick<
  Message,
  'type' | 'session' | 'sequence'
>;

/** Checks the first two things that a device checks: version, then type. */
export function checkHeader(frame: Frame): Decoded | undefined {
  if (frame.version !== VERSION) return UNKNOWN_VERSION;
  return LAYOUTS[frame.type] ? undefined : UNKNOWN_TYPE;
}

/**
 * Reads a frame as a message. Checks in the order of docs/protocol.md section 3 and reports the first that fails:
 * version, type, payload structure, critical tags, missing field, payment method, other values.
 */
export function decodeMessage(frame: Frame): Decoded {
  const { bytes } = frame;
  const form = bytes[0] === VERSION ? LAYOUTS[bytes[1]!] : undefined;
  if (!form) return checkHeader(frame)!;
  const message: Writable = { type: form.name, session: bytes[2]! | (bytes[3]! << 8), sequence: bytes[4]! };
  const end = bytes.length - CRC_LENGTH;
  /** The fields that are there, and those of them whose value breaks its rule. */
  let present = 0;
  let bad = 0;
  let critical = false;
  let result = -1;
  let state = -1;
  let lastTag = -1;
  for (let at = HEADER_LENGTH; at < end; ) {
    const tag = bytes[at]!;
    const length = bytes[at + 1]!;
    const start = at + 2;
    at = start + length;
    // A tag without a length reads the CRC's first byte as one, and ends behind it.
    if (tag <= lastTag || at > end) return BAD_VALUE;
    lastTag = tag;
    const field = FIELD_OF_TAG[tag];
    if (!field || !(form.known & field.bit)) {
      if (tag >= 0x80) critical = true;
      continue;
    }
    const { bit } = field;
    present |= bit;
    let value: unknown;
    if (field.length < 0) value = text(field, bytes, start, at);
    else if (field.length !== length) return BAD_VALUE;
    else {
      const number = uint(bytes, start, at);
      if (bit === RESULT) result = number;
      if (bit === STATE) state = number;
      value = meaningOf(field, number);
    }
    if (value === undefined) bad |= bit;
    // By name: the four fields of a PAY are the ones that have to be fast.
    else if (bit === PAYMENT_METHOD) message.paymentMethod = value;
    else if (bit === AMOUNT) message.amount = value;
    else if (bit === ORDER_ID) message.orderId = value;
    else if (bit === EXPIRY_TIME) message.expiryTime = value;
    else {
      if (bit === FLAGS && (value as number) & 1) message.simulated = true;
      // Flags that `simulated` says all of are not said twice.
      if (bit !== FLAGS || value !== 1) message[field.name] = value;
    }
  }
  if (critical) return CRITICAL_TAG;
  const { required, optional } = shapeOf(form, result, state);
  if (required & ~present) return MISSING_FIELD;
  if (bad & PAYMENT_METHOD) return UNKNOWN_METHOD;
  if (bad | (present & ~(required | optional))) return BAD_VALUE;
  return { ok: true, message: message as Message };
}

function uint(bytes: Uint8Array, start: number, at: number): number {
  let value = 0;
  while (at > start) value = (value << 8) | bytes[--at]!;
  return value >>> 0;
}

/** What the number of a field means; undefined when it breaks its rule. */
function meaningOf({ bit, lowest, highest }: Field, number: number): unknown {
  if (number < lowest || number > highest) return undefined;
  if (bit === RESULT) return WIRE_RESULTS[number];
  if (bit === STATE) return LINK_STATES[number];
  return bit === LAST_COMMAND ? { session: number & 0xffff, sequence: number >>> 16 } : number;
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

/** The text that `bytes[start..end)` holds; undefined when it breaks its rule. */
function text({ bit, length, lowest, highest }: Field, bytes: Uint8Array, start: number, end: number): unknown {
  if (bit === PAYMENT_METHOD) return methodAt(bytes, start, end);
  if (start === end || end - start > -length) return undefined;
  let points = 0;
  for (let at = start; at < end; at++) {
    const char = bytes[at]!;
    if ((char < lowest || char > highest) && (char !== POINT || at === start || at + 1 === end || points++ > 0)) return;
  }
  let value = '';
  // Sixteen characters at a time: much faster than one by one, or than a TextDecoder at this length.
  for (let at = start; at < end; at += 16) {
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
      bytes[at + 12]!,
      bytes[at + 13]!,
      bytes[at + 14]!,
      bytes[at + 15]!,
    ).slice(0, end - at);
  }
  return value;
}

/** The wallet that `bytes[start..end)` names: to compare costs less than to make a text first. */
function methodAt(bytes: Uint8Array, start: number, end: number): string | undefined {
  for (const name of PAYMENT_METHODS) {
    if (name.length !== end - start) continue;
    let at = start;
    while (at < end && bytes[at] === name.charCodeAt(at - start)) at++;
    if (at === end) return name;
  }
  return undefined;
}
