import type { Frame } from '../framing/frame.js';
import { CRITICAL_BIT, VERSION } from '../schema/limits.js';
import type { Message } from '../schema/message-types.js';
import { Reason } from '../schema/reasons.js';
import { LAYOUTS, type Layout, shapeOf } from './layout.js';
import { put, type Writable } from './put.js';

/**
 * What decoding gives: never an exception. The reason why a whole frame is not a message of this version is what a device
 * answers to such a request, one of `Reason`.
 */
export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: number };

/** Stands for the value of a field that is there and breaks its rule. */
const BROKEN = Symbol('broken');

/**
 * Reads a frame as a message, and reports the first rule of docs/protocol.md section 3, "Order of checks", that it
 * breaks.
 */
export function decodeMessage({ version, type, session, sequence, payload }: Frame): Decoded {
  if (version !== VERSION) return refused(Reason.UNKNOWN_VERSION); // rule 2
  const layout = LAYOUTS[type];
  if (!layout) return refused(Reason.UNKNOWN_TYPE); // rule 3
  const values: unknown[] = new Array(layout.fields.length);
  const message: Writable = { type: layout.name, session, sequence };
  const reason = readFields(layout, payload, values) ?? fillMessage(layout, values, message);
  return reason === undefined ? { ok: true, message: message as Message } : refused(reason);
}

/**
 * Rules 6 and 7: fills `values`, which has a place for each of the type's fields, with the values that are there. Returns a
 * reason, or undefined.
 */
function readFields({ fields }: Layout, payload: Uint8Array, values: unknown[]): number | undefined {
  let critical = false;
  let lastTag = -1;
  let index = 0;
  for (let at = 0; at < payload.length; ) {
    if (at + 2 > payload.length) return Reason.BAD_VALUE; // a tag without a length
    const tag = payload[at]!;
    const length = payload[at + 1]!;
    const start = at + 2;
    const end = start + length;
    if (end > payload.length || tag <= lastTag) return Reason.BAD_VALUE; // cut short, or out of order
    // Both rows are in the order of the tags, so each is walked through once.
    while (index < fields.length && fields[index]!.tag < tag) index++;
    const field = fields[index];
    if (field?.tag === tag) {
      if (field.size !== undefined && field.size !== length) return Reason.BAD_VALUE; // a wrong fixed length
      const value = field.read(payload, start, end);
      values[index++] = value === undefined ? BROKEN : value;
    } else if (tag & CRITICAL_BIT) critical = true;
    lastTag = tag;
    at = end;
  }
  return critical ? Reason.UNKNOWN_CRITICAL_TAG : undefined;
}

/** Rules 8 to 10: fills the message with the values that are there. Returns a reason, or undefined. */
function fillMessage(layout: Layout, values: readonly unknown[], message: Writable): number | undefined {
  const shape = shapeOf(layout, values);
  for (let index = 0; index < shape.length; index++) {
    if (shape[index] === 'required' && values[index] === undefined) return Reason.MISSING_FIELD;
  }
  for (let index = 0; index < shape.length; index++) {
    const value = values[index];
    if (value === undefined) continue;
    const { property } = layout.fields[index]!;
    if (value === BROKEN) {
      // Its tag is the lowest, so a payment method comes before all others.
      return property === 'paymentMethod' ? Reason.UNKNOWN_PAYMENT_METHOD : Reason.BAD_VALUE;
    }
    if (shape[index] === 'excess') return Reason.BAD_VALUE;
    // A flag that is not set is left away.
    if (value !== false) put(message, property, value);
  }
  return undefined;
}

function refused(reason: number): Decoded {
  return { ok: false, reason };
}
