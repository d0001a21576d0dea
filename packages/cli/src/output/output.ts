import pc from 'picocolors';
import { BoundedOutput } from './bounded-output.js';
import { type Piece, painted, shown, type Text } from './text.js';

// Every command prints with these functions, and a test checks that. So text from outside is always escaped.

/** Answers go to stdout. Notes for a person go to stderr. So a program can read either of them. */
export function print(piece: Piece): void {
  process.stdout.write(`${shown(piece)}\n`);
}

/** The answer for a program: one line of JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${jsonLine(value)}\n`);
}

export function note(piece: Piece): void {
  process.stderr.write(`${shown(piece)}\n`);
}

/** Controls, what changes the direction of writing or is not seen at all, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** JSON of the same value, in which nothing steers the terminal that it may be shown on: JSON itself escapes less. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    // Of a character beyond 16 bits JSON has both halves.
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** How long a reader of stdout has to read the rest after a command has ended, in milliseconds. */
const UNREAD_MS = 1000;

/** Ends the process although output is left that no program reads. That output would keep the process running. */
export function leaveUnread(): void {
  if (process.stdout.writableLength > 0) setTimeout(() => process.exit(), UNREAD_MS).unref();
}

/** A line to print: text for a person, or JSON for a program. */
export type Line = { readonly text: Piece } | { readonly json: unknown };

const rendered = (line: Line): string => `${'json' in line ? jsonLine(line.json) : shown(line.text)}\n`;

/**
 * Gives the function that prints lines for a command that goes on and on. When they come faster than stdout is read,
 * lines are left out, and their number is told when there is room again: output that no program reads must not fill the
 * memory.
 * @param leftOut Makes the line that tells the number.
 */
export function boundedPrinter(leftOut: (count: number) => Line): (line: Line) => void {
  const output = new BoundedOutput(process.stdout, (count) => rendered(leftOut(count)));
  return (line) => output.write(() => rendered(line));
}

type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours for one stream: none unless a person sees it in a terminal that has them and does not mind (NO_COLOR). They
 * escape nothing; `styles` does.
 */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  return pc.createColors(stream.isTTY === true && stream.hasColors());
}

const STYLES = ['bold', 'cyan', 'dim', 'green', 'red', 'yellow'] as const;
export type Styles = Readonly<Record<(typeof STYLES)[number], (piece: Piece) => Text>>;

/** The same colours for what is printed to a stream. */
export function styles(stream: 'stdout' | 'stderr' = 'stdout'): Styles {
  const colors = colorsFor(process[stream]);
  return Object.fromEntries(STYLES.map((name) => [name, (piece: Piece) => painted(piece, colors[name])])) as Styles;
}

export function seconds(count: number): string {
  return count === 1 ? '1 second' : `${count} seconds`;
}
