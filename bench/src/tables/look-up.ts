import { SECTION } from './names.js';
import type { Section, Table } from './table.js';

/** A row of a table: its name, and its cells by their place. */
export interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

/** The table of a section whose caption begins so, or undefined when there is no such section. */
export function tableOf(sections: readonly Section[], title: string, caption = ''): Table | undefined {
  const section = sections.find((each) => each.title === title);
  if (!section) return undefined;
  const table = section.tables.find((each) => (each.caption ?? '').startsWith(caption));
  if (!table) throw new Error(`"${title}" has no table "${caption}...": print the tables again with npm run bench`);
  return table;
}

/** The rows of a table, each with its name apart. */
export function rowsOf({ rows }: Table): Row[] {
  return rows.map((cells) => ({ name: cells[0]!, cells }));
}

/** The place of a column. */
export function columnOf({ head }: Table, name: string): number {
  const column = head.indexOf(name);
  if (column < 0)
    throw new Error(`a table has no column "${name}", only ${head.join(', ')}: print it with npm run bench`);
  return column;
}

/** The number in a cell, which can have words or a unit beside it: 2.54 of "2.54 x", 1000 of "at most 1000". */
export function numberIn(cell: string | undefined): number {
  const found = /-?\d+(?:\.\d+)?/.exec(cell ?? '');
  if (!found) throw new Error(`a table has "${cell}" where a number is expected: print it with npm run bench`);
  return Number(found[0]);
}

/** What a target asks for, as it is printed ("at least 2"), or undefined when the tables do not have it. */
export function targetOf(sections: readonly Section[], name: string): string | undefined {
  const table = tableOf(sections, SECTION.targets);
  return table && rowsOf(table).find((row) => row.name === name)?.cells[1];
}
