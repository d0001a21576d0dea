import pc from 'picocolors';
import { BoundedOutput } from './bounded-output.js';
import { type Piece, painted, shown, type Text } from './text.js';

// Every command prints with these functions, and a test checks that. So text from outside is always escaped.

/** Prints an answer to stdout. Notes for a person go to stderr, so a program can read each of them alone. */
export function print(piece: Piece): void {
  process.stdout.write(`${shown(piece)}\n`);
}

/** Prints an answer for a program: one line of JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${jsonLine(value)}\n`);
}

export function note(piece: Piece): void {
  process.stderr.write(`${shown(piece)}\n`);
}

/** Control characters, invisible characters, direction changes, and line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Returns JSON without characters that control a terminal. JSON.stringify leaves some of them as they are. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    // JSON has no escape for a character above U+FFFF, so each of its two UTF-16 units is escaped.
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** The time that a reader of stdout has to read the rest after a command has ended, in milliseconds. */
const UNREAD_MS = 1000;

/** Ends the process although output is left that no program reads. That output would keep the process running. */
export function leaveUnread(): void {
  if (process.stdout.writableLength > 0) setTimeout(() => process.exit(), UNREAD_MS).unref();
}

/** A line to print: text for a person, or JSON for a program. */
export type Line = { readonly text: Piece } | { readonly json: unknown };

const rendered = (line: Line): string => `${'json' in line ? jsonLine(line.json) : shown(line.text)}\n`;

/**
 * Returns a function that prints lines, for a command that runs until it is stopped. If lines come faster than stdout
 * is read, some lines are left out, because output that no program reads must not fill the memory. After the reader has
 * read everything, a line reports their number.
 * @param leftOut Makes the line with the number.
 */
export function boundedPrinter(leftOut: (count: number) => Line): (line: Line) => void {
  const output = new BoundedOutput(process.stdout, (count) => rendered(leftOut(count)));
  return (line) => output.write(() => rendered(line));
}

type Colors = ReturnType<typeof pc.createColors>;

/**
 * Returns the colours for one stream. They are empty unless the stream is a terminal that has colours and NO_COLOR is
 * not set. These functions do not escape their input. `styles` does.
 */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  return pc.createColors(stream.isTTY === true && stream.hasColors());
}

const STYLES = ['bold', 'cyan', 'dim', 'green', 'red', 'yellow'] as const;
export type Styles = Readonly<Record<(typeof STYLES)[number], (piece: Piece) => Text>>;

/** Returns the same colours as functions that escape their input. */
export function styles(stream: 'stdout' | 'stderr' = 'stdout'): Styles {
  const colors = colorsFor(process[stream]);
  return Object.fromEntries(STYLES.map((name) => [name, (piece: Piece) => painted(piece, colors[name])])) as Styles;
}

export function seconds(count: number): string {
  return count === 1 ? '1 second' : `${count} seconds`;
}
