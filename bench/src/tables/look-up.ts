import { SECTION } from './names.js';
import type { Section, Table } from './table.js';

/** A row of a table: its name and its cells in order. */
export interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

/** Returns the table whose caption begins with the text, or undefined if there is no such section. */
export function tableOf(sections: readonly Section[], title: string, caption = ''): Table | undefined {
  const section = sections.find((each) => each.title === title);
  if (!section) return undefined;
  const table = section.tables.find((each) => (each.caption ?? '').startsWith(caption));
  if (!table) throw new Error(`"${title}" has no table "${caption}...": print the tables again with npm run bench`);
  return table;
}

/** Returns the rows of a table. The name of a row is not one of its cells. */
export function rowsOf({ rows }: Table): Row[] {
  return rows.map((cells) => ({ name: cells[0]!, cells }));
}

/** Returns the place of a column. */
export function columnOf({ head }: Table, name: string): number {
  const column = head.indexOf(name);
  if (column < 0)
    throw new Error(`a table has no column "${name}", only ${head.join(', ')}: print it with npm run bench`);
  return column;
}

/** Returns the number in a cell with words or a unit: 2.54 for "2.54 x", 1000 for "at most 1000". */
export function numberIn(cell: string | undefined): number {
  const found = /-?\d+(?:\.\d+)?/.exec(cell ?? '');
  if (!found) throw new Error(`a table has "${cell}" where a number is expected: print it with npm run bench`);
  return Number(found[0]);
}

/** Returns a target as it is printed ("at least 2"), or undefined if the tables do not have it. */
export function targetOf(sections: readonly Section[], name: string): string | undefined {
  const table = tableOf(sections, SECTION.targets);
  return table && rowsOf(table).find((row) => row.name === name)?.cells[1];
}
