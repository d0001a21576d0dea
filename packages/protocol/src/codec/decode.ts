import type { Frame } from '../framing/frame.js';
import { CRITICAL_BIT, VERSION } from '../schema/limits.js';
import type { Message } from '../schema/message-types.js';
import { Reason } from '../schema/reasons.js';
import { LAYOUTS, type Layout, shapeOf } from './layout.js';
import { put, type Writable } from './put.js';

/**
 * The result of decoding. Decoding never throws. A whole frame that is not a message of this version has a `reason`. A
 * device answers such a request with this reason, one of `Reason`.
 */
export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: number };

/** Marks a field that is present but breaks its rule. */
const BROKEN = Symbol('broken');

/**
 * Decodes a frame as a message. If the frame breaks a rule, the result has the reason of the first broken rule, in the
 * order of docs/protocol.md section 3, "Order of checks".
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
 * Checks rules 6 and 7. Writes the value of each field that is present to `values`. `values` has one place for each
 * field of the type. Returns a reason, or undefined if no rule is broken.
 */
function readFields({ fields }: Layout, payload: Uint8Array, values: unknown[]): number | undefined {
  let critical = false;
  let lastTag = -1;
  let index = 0;
  for (let at = 0; at < payload.length; ) {
    if (at + 2 > payload.length) return Reason.BAD_VALUE; // a tag has no length
    const tag = payload[at]!;
    const length = payload[at + 1]!;
    const start = at + 2;
    const end = start + length;
    if (end > payload.length || tag <= lastTag) return Reason.BAD_VALUE; // a value is cut short, or tags are unordered
    // The payload and `fields` are both sorted by tag, so one pass over each is enough.
    while (index < fields.length && fields[index]!.tag < tag) index++;
    const field = fields[index];
    if (field?.tag === tag) {
      if (field.size !== undefined && field.size !== length) return Reason.BAD_VALUE; // wrong fixed length
      values[index++] = field.read(payload, start, end) ?? BROKEN;
    } else if (tag & CRITICAL_BIT) critical = true;
    lastTag = tag;
    at = end;
  }
  return critical ? Reason.UNKNOWN_CRITICAL_TAG : undefined;
}

/**
 * Checks rules 8 to 10. Writes the values that are present to the message. Returns a reason, or undefined if no rule is
 * broken.
 */
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
      // The payment method has the lowest tag, so it is checked before all other values.
      return property === 'paymentMethod' ? Reason.UNKNOWN_PAYMENT_METHOD : Reason.BAD_VALUE;
    }
    if (shape[index] === 'excess') return Reason.BAD_VALUE;
    // A flag that is not set is omitted from the message.
    if (value !== false) put(message, property, value);
  }
  return undefined;
}

function refused(reason: number): Decoded {
  return { ok: false, reason };
}
