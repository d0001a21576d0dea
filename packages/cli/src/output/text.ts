import { stripVTControlCharacters } from 'node:util';
import { printable } from '@bluetap/transport/kit';

/**
 * A value that can be printed. A string can come from outside: a device, a file, a socket, the environment, an
 * argument. So a string is escaped when it is printed. Only a `Text` can have line breaks and colours.
 */
export type Piece = string | number | Text;

/** Makes a `Text` of a string that is already safe. Only this file can use it. */
let trusted: (shown: string) => Text;

/**
 * Text that is safe to print, because every part from outside is already escaped. Only the functions of this file make
 * one: the tag `text`, `lines`, `spaced`, `padded`, `hanging`, `trimmedEnd` and `painted`. In an ordinary template, a
 * `Text` becomes a string again, and its colours are escaped. So a forgotten tag is visible and does no harm.
 */
export class Text {
  readonly #shown: string;

  private constructor(shown: string) {
    this.#shown = shown;
  }

  static {
    trusted = (shown) => new Text(shown);
  }

  /** Returns the characters that go to the terminal. */
  toString(): string {
    return this.#shown;
  }

  /** The number of characters that a person sees. */
  get width(): number {
    return stripVTControlCharacters(this.#shown).length;
  }
}

/** Returns the piece as it goes to the terminal. Escapes each character of a string that can control the terminal. */
export function shown(piece: Piece): string {
  return piece instanceof Text ? piece.toString() : printable(String(piece));
}

/**
 * The tag of a template. The characters of the template stay, also line breaks. Each piece in it is escaped, except a
 * `Text`.
 */
export function text(own: TemplateStringsArray, ...pieces: readonly Piece[]): Text {
  return trusted(own.map((part, at) => (at === 0 ? part : shown(pieces[at - 1]!) + part)).join(''));
}

/** Puts each piece on its own line. */
export function lines(pieces: readonly Piece[]): Text {
  return trusted(pieces.map(shown).join('\n'));
}

/** Joins the pieces with two spaces between them. */
export function spaced(pieces: readonly Piece[]): Text {
  return trusted(pieces.map(shown).join('  '));
}

/** Adds spaces until the piece has `width` characters. `side` is the side of the spaces. */
export function padded(piece: Piece, width: number, side: 'left' | 'right' = 'right'): Text {
  const as = trusted(shown(piece));
  const spaces = ' '.repeat(Math.max(0, width - as.width));
  return trusted(side === 'right' ? `${as}${spaces}` : `${spaces}${as}`);
}

/** Indents every line except the first by `indent` spaces. */
export function hanging(piece: Piece, indent: number): Text {
  return trusted(shown(piece).replaceAll('\n', `\n${' '.repeat(indent)}`));
}

/** Removes the spaces at the end of each line. */
export function trimmedEnd(piece: Piece): Text {
  return trusted(shown(piece).replaceAll(/ +$/gm, ''));
}

/** Colours a piece. Only output.ts uses it. @param color Puts the codes of a colour around a string. */
export function painted(piece: Piece, color: (shown: string) => string): Text {
  return trusted(color(shown(piece)));
}
