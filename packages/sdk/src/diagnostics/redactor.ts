import type { Frame } from '@bluetap/protocol';
import { FIELDS, frameBytes, HEADER_LENGTH } from '@bluetap/protocol/tools';
import { describeDropped, describeMessage, quoted } from './describe.js';
import type { SeenFrame } from './frame-splitter.js';

/** The fields that are the shop's business, and what their values are called instead. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { orderId: 'order', amount: 'amount' };

/** The placeholder of a value that the client has already redacted. */
const REDACTED = '[redacted]';

/**
 * The tags whose values are shown in hex: all that this version knows, but for those with a placeholder. What a later
 * version adds may be the shop's business too. docs/protocol.md section 3.
 */
const SHOWN = new Set<number>(FIELDS.filter(({ property }) => !(property in PLACEHOLDERS)).map(({ tag }) => tag));

/** How many values are remembered, so that a recording of many days does not grow without end. */
export const MAX_REMEMBERED = 1000;

/**
 * Writes frames and fields, with or without the values of amounts and order ids. Two recordings that differ in nothing
 * but these values, of the same lengths, look the same: that rules out a CRC from which a short amount could be computed,
 * too.
 */
export class Redactor {
  readonly #redact: boolean;
  readonly #names = new Map<string, string>();
  readonly #count: Record<string, number> = {};

  constructor(redact: boolean) {
    this.#redact = redact;
  }

  /** The placeholder of a value, the same for equal values; undefined for a value that may be shown. */
  placeholder(name: string, value: unknown): string | undefined {
    const kind = this.#redact && value !== REDACTED ? PLACEHOLDERS[name] : undefined;
    if (!kind) return undefined;
    const key = `${kind} ${String(value)}`;
    const known = this.#names.get(key);
    if (known) return known;
    const count = (this.#count[kind] ?? 0) + 1;
    this.#count[kind] = count;
    if (this.#names.size === MAX_REMEMBERED) this.#names.delete(this.#names.keys().next().value!);
    const placeholder = `<${kind}-${count}>`;
    this.#names.set(key, placeholder);
    return placeholder;
  }

  /** A field's value as it is shown. */
  readonly field = (name: string, value: string): string => this.placeholder(name, value) ?? quoted(value);

  /** A frame in one line: what it says, and its bytes on the wire in hex. */
  frame(seen: SeenFrame): string {
    const { decoded, wire, length } = seen;
    if (decoded.ok) return `${describeMessage(decoded.message, this.field)} | ${this.#hex(seen)}`;
    const text = describeDropped(seen, decoded);
    // Where its values stand is anybody's guess.
    if (this.#redact) return text;
    const rest = length + 1 - wire.length;
    return `${text} | ${hexOf(wire)}${rest > 0 ? ` and ${rest} more` : ''}`;
  }

  #hex({ wire, frame }: SeenFrame): string {
    const hex = hexOf(wire).match(/../g)!;
    if (!this.#redact) return hex.join('');
    const hidden = hiddenPlaces(wire, frame!);
    return hex.map((byte, at) => (hidden.has(at) ? '..' : byte)).join('');
  }
}

/**
 * The bytes on the wire that would reveal a hidden value. Every decoded byte is two places further on the wire,
 * behind the delimiter and the first COBS code; a zero's place holds the next code.
 */
function hiddenPlaces(wire: Uint8Array, frame: Frame): ReadonlySet<number> {
  const bytes = frameBytes(frame);
  const values = new Set<number>();
  const end = HEADER_LENGTH + frame.payload.length;
  for (let at = HEADER_LENGTH; at < end; ) {
    const value = at + 2;
    const next = value + bytes[at + 1]!;
    if (!SHOWN.has(bytes[at]!)) for (let place = value; place < next; place++) values.add(place + 2);
    at = next;
  }
  if (values.size === 0) return values;
  for (let place = end; place < bytes.length; place++) values.add(place + 2);
  const hidden = new Set(values);
  // A code says where the next zero is, and so something of each byte up to there.
  for (let code = 1, next = 0; code < wire.length - 1; code = next) {
    next = code + wire[code]!;
    for (let place = code + 1; place <= next; place++) if (values.has(place)) hidden.add(code);
  }
  return hidden;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
