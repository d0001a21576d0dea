import { stripVTControlCharacters } from 'node:util';
import { printable } from '@bluetap/transport/kit';

/**
 * What can be printed. A string comes from outside (a device, a file, a socket, the environment, an argument), or could:
 * it is escaped when it is printed. Only a `Text` has line breaks and colours.
 */
export type Piece = string | number | Text;

/** Makes a `Text` of what is safe already; of this file alone. */
let trusted: (shown: string) => Text;

/**
 * Text that is safe to print: what came from outside is escaped in it already. The ways to make one are in this file:
 * the tag `text`, `lines`, `spaced`, `padded`, `hanging`, `trimmedEnd` and `painted`. Put into an ordinary template it
 * becomes a string again, and its colours are then escaped like everything else: a forgotten tag is seen and does no harm.
 */
export class Text {
  readonly #shown: string;

  private constructor(shown: string) {
    this.#shown = shown;
  }

  static {
    trusted = (shown) => new Text(shown);
  }

  /** As it goes to the terminal. */
  toString(): string {
    return this.#shown;
  }

  /** How many characters a person sees of it. */
  get width(): number {
    return stripVTControlCharacters(this.#shown).length;
  }
}

/** The piece as it goes to the terminal: a string with everything escaped that could steer it. */
export function shown(piece: Piece): string {
  return piece instanceof Text ? piece.toString() : printable(String(piece));
}

/** A template: its own characters stay, line breaks too, and each piece in it is escaped unless it is a `Text`. */
export function text(own: TemplateStringsArray, ...pieces: readonly Piece[]): Text {
  return trusted(own.map((part, at) => (at === 0 ? part : shown(pieces[at - 1]!) + part)).join(''));
}

/** Each piece on a line of its own. */
export function lines(pieces: readonly Piece[]): Text {
  return trusted(pieces.map(shown).join('\n'));
}

/** The pieces with two spaces between them. */
export function spaced(pieces: readonly Piece[]): Text {
  return trusted(pieces.map(shown).join('  '));
}

/** Filled up with spaces to so many characters: on the right, or on the left where `side` says so. */
export function padded(piece: Piece, width: number, side: 'left' | 'right' = 'right'): Text {
  const as = trusted(shown(piece));
  const spaces = ' '.repeat(Math.max(0, width - as.width));
  return trusted(side === 'right' ? `${as}${spaces}` : `${spaces}${as}`);
}

/** With every line but the first moved to the right by so many spaces. */
export function hanging(piece: Piece, indent: number): Text {
  return trusted(shown(piece).replaceAll('\n', `\n${' '.repeat(indent)}`));
}

/** Without spaces at the end of a line. */
export function trimmedEnd(piece: Piece): Text {
  return trusted(shown(piece).replaceAll(/ +$/gm, ''));
}

/** In a colour. @param color Puts its codes around what it is given. For output.ts, which knows the terminals. */
export function painted(piece: Piece, color: (shown: string) => string): Text {
  return trusted(color(shown(piece)));
}
