import { ascii } from '../coders/ascii.js';
import { choice } from '../coders/choice.js';
import type { Coder } from '../coders/coder.js';
import { commandId } from '../coders/command-id.js';
import { flag } from '../coders/flag.js';
import { name } from '../coders/name.js';
import { previous } from '../coders/previous.js';
import { uint } from '../coders/uint.js';
import { type AsciiRow, FIELDS, type FieldName, type FieldRow, type FieldTitle } from '../schema/fields.js';

/** A row of the field table, in the form that the encoder and decoder loops use. */
export interface Field extends Coder {
  readonly tag: number;
  readonly name: FieldTitle;
  readonly property: FieldName;
  /** The length of every value in bytes; undefined if the lengths differ. */
  readonly size: number | undefined;
  /** The length of the longest value in bytes. */
  readonly longest: number;
}

/** The functions that make the coder of a row, by coder name. */
const CODERS: { readonly [row in FieldRow as row['coder']]: (row: row) => Coder } = {
  uint,
  ascii,
  name,
  choice,
  flag,
  'command-id': commandId,
  previous,
};

/** All fields, in wire order. */
export const FIELDS_BY_TAG: readonly Field[] = FIELDS.map((row) => {
  const { size } = row as { readonly size?: number };
  const longest = size ?? (row as AsciiRow).maximum;
  const coder = (CODERS[row.coder] as (row: FieldRow) => Coder)(row);
  return { tag: row.tag, name: row.name, property: row.property, size, longest, ...coder };
});

/**
 * True if the value obeys the rule of the named field. docs/protocol.md section 6 has the rules. `value` can have any
 * type. Returns false if no field has this name.
 */
export function isFieldValid(name: FieldName, value: unknown): boolean {
  const field = FIELDS_BY_TAG.find(({ property }) => property === name);
  return field?.write(value, new Uint8Array(field.longest), 0) !== undefined;
}
