import { PAYMENT_LINK_STATES, PaymentMethod, WIRE_RESULTS } from './names.js';

/** The characters that a string may have, as numbers in ASCII. */
export interface Alphabet {
  /** The first character, as a number. */
  readonly lowest: number;
  /** The last character, as a number. */
  readonly highest: number;
  /** One more character, which may stand once and only between two others. */
  readonly separator?: number | undefined;
}

/** What every row of the table of fields has. */
export interface NamedField {
  /** The number in front of it on the wire. */
  readonly tag: number;
  /** Its name in docs/protocol.md. */
  readonly name: string;
  /** The property of a `Message` that holds it. */
  readonly property: string;
}

/** A number, u8 or u32, from `minimum` to `maximum`. */
export interface UintRow extends NamedField {
  /** How its values become bytes. */
  readonly coder: 'uint';
  /** How many bytes every value has. */
  readonly size: 1 | 4;
  /** The least number. */
  readonly minimum: number;
  /** The greatest number. */
  readonly maximum: number;
}

/** A text of `minimum` to `maximum` characters, each of the alphabet. */
export interface AsciiRow extends NamedField {
  /** How its values become bytes. */
  readonly coder: 'ascii';
  /** The fewest characters. */
  readonly minimum: number;
  /** The most characters. */
  readonly maximum: number;
  /** Which characters it may have. */
  readonly alphabet: Alphabet;
}

/** A text of `minimum` to `maximum` characters which is exactly one of `choices`. */
export interface NameRow extends NamedField {
  /** How its values become bytes. */
  readonly coder: 'name';
  /** The fewest characters. */
  readonly minimum: number;
  /** The most characters. */
  readonly maximum: number;
  /** All that it can be. */
  readonly choices: readonly string[];
}

/** A number of one byte which stands for a name: the place of the name in `choices`. */
export interface ChoiceRow extends NamedField {
  /** How its values become bytes. */
  readonly coder: 'choice';
  /** How many bytes every value has. */
  readonly size: 1;
  /** All that it can be. */
  readonly choices: readonly string[];
}

/** One bit of a byte; the others are written as 0 and ignored when read. */
export interface FlagRow extends NamedField {
  /** How its values become bytes. */
  readonly coder: 'flag';
  /** How many bytes every value has. */
  readonly size: 1;
  /** Which bit, 0 for the lowest. */
  readonly bit: number;
}

/** The session and sequence of a command. */
export interface CommandIdRow extends NamedField {
  /** How its values become bytes. */
  readonly coder: 'command-id';
  /** How many bytes every value has. */
  readonly size: 3;
}

/** A row of the table of fields. `size` is there when every value has the same number of bytes. */
export type FieldRow = UintRow | AsciiRow | NameRow | ChoiceRow | FlagRow | CommandIdRow;

const AMOUNT: Alphabet = { lowest: 0x30, highest: 0x39, separator: 0x2e };
const NO_SPACE: Alphabet = { lowest: 0x21, highest: 0x7e };
const LABEL: Alphabet = { lowest: 0x20, highest: 0x7e };

const U8 = { size: 1, minimum: 0, maximum: 0xff } as const;
const U32 = { size: 4, minimum: 0, maximum: 0xffffffff } as const;

const METHODS = Object.values(PaymentMethod);

/**
 * docs/protocol.md section 3, "Fields": the same rows in the same order, which is that of the tags and so of the wire. The
 * rules of the first four stand in section 6.
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
  { tag: 0x20, name: 'nonce', property: 'nonce', coder: 'uint', ...U32 },
  { tag: 0x21, name: 'model', property: 'model', coder: 'ascii', minimum: 1, maximum: 16, alphabet: LABEL },
  { tag: 0x22, name: 'firmware', property: 'firmware', coder: 'ascii', minimum: 1, maximum: 16, alphabet: LABEL },
  { tag: 0x23, name: 'serial number', property: 'serialNumber', coder: 'ascii', minimum: 1, maximum: 32, alphabet: LABEL },
  { tag: 0x24, name: 'boot id', property: 'bootId', coder: 'uint', ...U32 },
  { tag: 0x25, name: 'flags', property: 'simulated', coder: 'flag', size: 1, bit: 0 },
  { tag: 0x26, name: 'last command', property: 'lastCommand', coder: 'command-id', size: 3 },
] as const satisfies readonly FieldRow[];

/** The rows with their very names, for types that are made from them. */
export type FieldRows = (typeof ROWS)[number];

/** The same rows for programs that make something from them. */
export const FIELDS: readonly (FieldRow & {
  /** Its name in docs/protocol.md. */
  readonly name: FieldTitle;
  /** The property of a `Message` that holds it. */
  readonly property: FieldName;
})[] = ROWS;

/** The name of a field in docs/protocol.md. */
export type FieldTitle = (typeof ROWS)[number]['name'];
/** The name of a field in a `Message`. */
export type FieldName = (typeof ROWS)[number]['property'];

/** The tag of a field, by the name that the field has in docs/protocol.md. */
export function tagOf(name: FieldTitle): number {
  return FIELDS.find((row) => row.name === name)!.tag;
}
