import { AMOUNT, EXPIRY_TIME, FLAGS, LAST_COMMAND, ORDER_ID, PAYMENT_METHOD, RESULT } from './field-bits.js';
import { FIELD_OF_TAG, type FieldName, fits } from './field-table.js';
import { type Frame, type FrameError, uint } from './frame.js';
import { FrameDecoder } from './frame-decoder.js';
import { LAYOUTS, shapeOf } from './layout.js';
import type { Message } from './message.js';
import { CRC_LENGTH, RECEIVED_PAYLOAD, Reason, resultOf, VERSION, type WireResult } from './wire.js';

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
function failure(name: keyof typeof Reason): Decoded {
  const reason = Reason[name];
  const code = name.toLowerCase().replaceAll('_', '-') as MessageErrorCode;
  return { ok: false, error: { layer: 'message', code, result: resultOf(reason), reason } };
}

/** A message being put together. */
type Writable = { -readonly [name in FieldName]?: unknown } & Pick<Message, 'type' | 'session' | 'sequence'>;

/** Checks the first two things that a device checks: version, then type. */
export function checkHeader(frame: Frame): Decoded | undefined {
  if (frame.version !== VERSION) return failure('UNKNOWN_VERSION');
  return LAYOUTS[frame.type] ? undefined : failure('UNKNOWN_TYPE');
}

/**
 * Reads a frame as a message. Checks in the order of docs/protocol.md section 3 and reports the first that fails:
 * version, type, payload structure, critical tags, missing field, payment method, other values.
 */
export function decodeMessage(frame: Frame): Decoded {
  const problem = checkHeader(frame);
  if (problem) return problem;
  const form = LAYOUTS[frame.type]!;
  const { received, session, sequence } = frame;
  const message: Writable = { type: form.name, session, sequence };
  const end = frame.end - CRC_LENGTH;
  /** The fields that are there, and those of them whose value breaks its rule. */
  let present = 0;
  let bad = 0;
  let critical = false;
  let lastTag = -1;
  for (let at = RECEIVED_PAYLOAD; at < end; ) {
    const tag = received[at]!;
    const length = received[at + 1]!;
    const start = at + 2;
    at = start + length;
    // A tag without a length reads the CRC's first byte as one, and ends behind it.
    if (tag <= lastTag || at > end) return failure('BAD_VALUE');
    lastTag = tag;
    const field = FIELD_OF_TAG[tag];
    if (!field || !(form.known & field.bit)) {
      if (tag >= 0x80) critical = true;
      continue;
    }
    const { bit, names, name } = field;
    present |= bit;
    let value: unknown;
    if (field.length < 0) value = text(received, start, at);
    else {
      if (field.length !== length) return failure('BAD_VALUE');
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
  if (critical) return failure('UNKNOWN_CRITICAL_TAG');
  const { required, allowed } = shapeOf(form, bad & RESULT || message.result, message.state);
  if (required & ~present) return failure('MISSING_FIELD');
  if (bad & PAYMENT_METHOD) return failure('UNKNOWN_PAYMENT_METHOD');
  if (bad | (present & ~allowed)) return failure('BAD_VALUE');
  return { ok: true, message: message as Message };
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

/** The characters of `bytes[start..end)`, eight at a time: much faster than one by one, or than a TextDecoder here. */
function text(bytes: Uint8Array, start: number, end: number): string {
  let value = '';
  for (let at = start; at < end; at += 8) {
    value += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    ).slice(0, end - at);
  }
  return value;
}
