import { PAYMENT_LINK_STATES, PaymentMethod, TAP_SOURCES, WIRE_RESULTS } from './names.js';

/** The characters that a string may have, as ASCII codes. */
export interface Alphabet {
  /** The code of the first character. */
  readonly lowest: number;
  /** The code of the last character. */
  readonly highest: number;
  /** The code of one more character. It may occur once, and only between two other characters. */
  readonly separator?: number | undefined;
}

/** The properties that every row of the field table has. */
export interface NamedField {
  /** The number before the field on the wire. */
  readonly tag: number;
  /** The name of the field in docs/protocol.md. */
  readonly name: string;
  /** The property of a `Message` that contains the field. */
  readonly property: string;
}

/** A number, u8 or u32, from `minimum` to `maximum`. */
export interface UintRow extends NamedField {
  /** The coder that converts the values to bytes. */
  readonly coder: 'uint';
  /** The length of every value in bytes. */
  readonly size: 1 | 4;
  /** The lowest allowed number. */
  readonly minimum: number;
  /** The highest allowed number. */
  readonly maximum: number;
}

/** A string of `minimum` to `maximum` characters of the alphabet. */
export interface AsciiRow extends NamedField {
  /** The coder that converts the values to bytes. */
  readonly coder: 'ascii';
  /** The minimum number of characters. */
  readonly minimum: number;
  /** The maximum number of characters. */
  readonly maximum: number;
  /** The allowed characters. */
  readonly alphabet: Alphabet;
}

/** A string that is exactly one of `choices`, with `minimum` to `maximum` characters. */
export interface NameRow extends NamedField {
  /** The coder that converts the values to bytes. */
  readonly coder: 'name';
  /** The minimum number of characters. */
  readonly minimum: number;
  /** The maximum number of characters. */
  readonly maximum: number;
  /** All allowed values. */
  readonly choices: readonly string[];
}

/** A name that is sent as one byte: the index of the name in `choices`. */
export interface ChoiceRow extends NamedField {
  /** The coder that converts the values to bytes. */
  readonly coder: 'choice';
  /** The length of every value in bytes. */
  readonly size: 1;
  /** All allowed values. */
  readonly choices: readonly string[];
}

/** One bit of a byte. The other bits are written as 0 and ignored when read. */
export interface FlagRow extends NamedField {
  /** The coder that converts the values to bytes. */
  readonly coder: 'flag';
  /** The length of every value in bytes. */
  readonly size: 1;
  /** The number of the bit; 0 is the lowest bit. */
  readonly bit: number;
}

/** The session and sequence of a command. */
export interface CommandIdRow extends NamedField {
  /** The coder that converts the values to bytes. */
  readonly coder: 'command-id';
  /** The length of every value in bytes. */
  readonly size: 3;
}

/** The state and the taps of a payment link. */
export interface PreviousRow extends NamedField {
  /** The coder that converts the values to bytes. */
  readonly coder: 'previous';
  /** The length of every value in bytes. */
  readonly size: 2;
  /** All states. The byte on the wire is the index of the state. */
  readonly choices: readonly string[];
}

/** A row of the field table. A row has `size` if all its values have the same number of bytes. */
export type FieldRow = UintRow | AsciiRow | NameRow | ChoiceRow | FlagRow | CommandIdRow | PreviousRow;

const AMOUNT: Alphabet = { lowest: 0x30, highest: 0x39, separator: 0x2e };
const NO_SPACE: Alphabet = { lowest: 0x21, highest: 0x7e };
const LABEL: Alphabet = { lowest: 0x20, highest: 0x7e };

const U8 = { size: 1, minimum: 0, maximum: 0xff } as const;
const U32 = { size: 4, minimum: 0, maximum: 0xffffffff } as const;

const METHODS = Object.values(PaymentMethod);

/**
 * The same rows in the same order as in docs/protocol.md section 3, "Fields". They are sorted by tag, which is also the
 * wire order. Section 6 has the rules of the first four fields.
 */
// biome-ignore format: a table
const ROWS = [
  { tag: 0x01, name: 'payment method', property: 'paymentMethod', coder: 'name', minimum: 1, maximum: 12, choices: METHODS },
  { tag: 0x02, name: 'amount', property: 'amount', coder: 'ascii', minimum: 1, maximum: 8, alphabet: AMOUNT },
  { tag: 0x03, name: 'order id', property: 'orderId', coder: 'ascii', minimum: 1, maximum: 16, alphabet: NO_SPACE },
  { tag: 0x04, name: 'expiry time', property: 'expiryTime', coder: 'uint', size: 4, minimum: 1, maximum: 2147483647 },
  { tag: 0x10, name: 'result', property: 'result', coder: 'choice', size: 1, choices: WIRE_RESULTS },
  { tag: 0x11, name: 'reason', property: 'reason', coder: 'uint', ...U8 },
  { tag: 0x12, name: 'state', property: 'state', coder: 'choice', size: 1, choices: PAYMENT_LINK_STATES },
  { tag: 0x13, name: 'remaining', property: 'remaining', coder: 'uint', ...U32 },
  { tag: 0x14, name: 'taps', property: 'taps', coder: 'uint', ...U8 },
  { tag: 0x15, name: 'previous', property: 'previous', coder: 'previous', size: 2, choices: PAYMENT_LINK_STATES },
  { tag: 0x20, name: 'nonce', property: 'nonce', coder: 'uint', ...U32 },
  { tag: 0x21, name: 'model', property: 'model', coder: 'ascii', minimum: 1, maximum: 16, alphabet: LABEL },
  { tag: 0x22, name: 'firmware', property: 'firmware', coder: 'ascii', minimum: 1, maximum: 16, alphabet: LABEL },
  { tag: 0x23, name: 'serial number', property: 'serialNumber', coder: 'ascii', minimum: 1, maximum: 32, alphabet: LABEL },
  { tag: 0x24, name: 'boot id', property: 'bootId', coder: 'uint', ...U32 },
  { tag: 0x25, name: 'flags', property: 'simulated', coder: 'flag', size: 1, bit: 0 },
  { tag: 0x26, name: 'last command', property: 'lastCommand', coder: 'command-id', size: 3 },
  { tag: 0x27, name: 'tap source', property: 'tapSource', coder: 'choice', size: 1, choices: TAP_SOURCES },
] as const satisfies readonly FieldRow[];

/** The type of the rows with their exact names. Other types are derived from it. */
export type FieldRows = (typeof ROWS)[number];

/** The field table, for programs that generate code or text from it. */
export const FIELDS: readonly (FieldRow & {
  /** The name of the field in docs/protocol.md. */
  readonly name: FieldTitle;
  /** The property of a `Message` that contains the field. */
  readonly property: FieldName;
})[] = ROWS;

/** The name of a field in docs/protocol.md. */
export type FieldTitle = (typeof ROWS)[number]['name'];
/** The name of a field in a `Message`. */
export type FieldName = (typeof ROWS)[number]['property'];

/** Returns the tag of a field by its name in docs/protocol.md. */
export function tagOf(name: FieldTitle): number {
  return FIELDS.find((row) => row.name === name)!.tag;
}
