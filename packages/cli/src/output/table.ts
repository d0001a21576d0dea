import { hanging, lines, type Piece, padded, spaced, type Text, text, trimmedEnd } from './text.js';

/** Aligns rows in columns. Each column is as wide as its widest cell. The first row is the heading. */
export function columns(rows: readonly (readonly Piece[])[]): readonly Text[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => padded(row[at]!, 0).width)));
  return rows.map((row) => trimmedEnd(spaced(row.map((cell, at) => padded(cell, widths[at]!)))));
}

/** Aligns rows of a name and a value, so that the values are in one column. A value can have several lines. */
export function table(rows: readonly (readonly [name: string, value: Piece])[]): Text {
  const width = Math.max(...rows.map(([name]) => name.length));
  return lines(rows.map(([name, value]) => text`  ${padded(name, width)}  ${hanging(value, width + 4)}`));
}
