import { ascii } from '../coders/ascii.js';
import { choice } from '../coders/choice.js';
import type { Coder } from '../coders/coder.js';
import { commandId } from '../coders/command-id.js';
import { flag } from '../coders/flag.js';
import { name } from '../coders/name.js';
import { uint } from '../coders/uint.js';
import { FIELDS, type FieldName, type FieldRow, type FieldTitle } from '../schema/fields.js';

/** A row of the table of fields as the loops use it. */
export interface Field extends Coder {
  readonly tag: number;
  readonly name: FieldTitle;
  readonly property: FieldName;
  /** How many bytes every value has; undefined where they differ. */
  readonly size: number | undefined;
  /** How many bytes the longest value has. */
  readonly longest: number;
}

/** What makes the coder of a row, by the name of the coder. */
const CODERS: { readonly [row in FieldRow as row['coder']]: (row: row) => Coder } = {
  uint,
  ascii,
  name,
  choice,
  flag,
  'command-id': () => commandId,
};

/** All fields in the order of the wire. */
export const FIELDS_BY_TAG: readonly Field[] = FIELDS.map((row) => {
  const size = 'size' in row ? row.size : undefined;
  const longest = 'size' in row ? row.size : row.maximum;
  const coder = (CODERS[row.coder] as (row: FieldRow) => Coder)(row);
  return { tag: row.tag, name: row.name, property: row.property, size, longest, ...coder };
});

/**
 * Whether a value keeps the rule of the field with this name, as docs/protocol.md section 6 has it. Takes anything; false
 * for a name that no field has.
 */
export function isFieldValid(name: FieldName, value: unknown): boolean {
  const field = FIELDS_BY_TAG.find(({ property }) => property === name);
  return field !== undefined && field.write(value, new Uint8Array(field.longest), 0) !== undefined;
}
