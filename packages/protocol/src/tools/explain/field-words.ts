import { FIELDS, type FieldRow } from '../../schema/fields.js';
import { countedBytes, hexNumber, hexText, reasonText } from './wire-words.js';

/** True if a value of this field can have so many bytes. */
export function isLengthAllowed(tag: number, length: number): boolean {
  const row = rowOfTag(tag);
  return 'size' in row ? length === row.size : length >= row.minimum && length <= row.maximum;
}

/** Returns the name of a field and the rule of its values, made from the schema. */
export function ruleText(tag: number): string {
  const row = rowOfTag(tag);
  return `${row.name} must be ${ruleOf(row)}`;
}

function ruleOf(row: FieldRow): string {
  const size = 'size' in row ? countedBytes(row.size) : '';
  switch (row.coder) {
    case 'uint':
      return `${size}, a number from ${row.minimum} to ${row.maximum}`;
    case 'choice':
      return `${size}, one of ${numbered(row.choices)}`;
    case 'previous':
      return `${size}: one of ${numbered(row.choices)}, and a number of taps`;
    case 'name':
      return `one of ${row.choices.join(', ')}`;
    case 'ascii': {
      const { lowest, highest, separator } = row.alphabet;
      const once = separator === undefined ? '' : `, and at most one ${character(separator)} between two of them`;
      return `${row.minimum} to ${row.maximum} characters from ${character(lowest)} to ${character(highest)}${once}`;
    }
    default:
      return size;
  }
}

function numbered(choices: readonly string[]): string {
  return choices.map((choice, number) => `${number} (${choice})`).join(', ');
}

function character(code: number): string {
  return `${hexNumber(code, 2)} ("${String.fromCharCode(code)}")`;
}

/** Returns what a value is. `value` is the decoded value. */
export function valueText(tag: number, value: unknown): string {
  const row = rowOfTag(tag);
  if (row.coder === 'flag') return `${row.name}, bit ${row.bit}: ${row.property}`;
  const reason = row.name === 'reason' ? reasonText(value) : undefined;
  return reason === undefined ? row.name : `${row.name}: ${reason}`;
}

/** Returns a decoded value of a field as a number or a string. */
export function plainValue(value: unknown): number | string {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' ? Object.values(value!).join('/') : (value as number | string);
}

/** Returns the bytes of a value that breaks the rule of its field, as a number or a string for a person. */
export function brokenValue(tag: number, bytes: Uint8Array): number | string {
  const row = rowOfTag(tag);
  if (!('size' in row)) return escapedText(bytes);
  return bytes.length === row.size ? bytes.reduceRight((sum, byte) => sum * 256 + byte, 0) : hexText(bytes);
}

function escapedText(bytes: Uint8Array): string {
  const escaped = (byte: number) => `\\x${hexNumber(byte, 2)}`;
  return Array.from(bytes, (byte) => (byte < 0x20 || byte > 0x7e ? escaped(byte) : String.fromCharCode(byte))).join('');
}

function rowOfTag(tag: number): FieldRow {
  return FIELDS.find((row) => row.tag === tag)!;
}
