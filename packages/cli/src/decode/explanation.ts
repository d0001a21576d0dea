import type { WirePart } from '@bluetap/protocol/tools';
import { hexOf } from '../input/hex.js';
import { type Styles, styles } from '../output/output.js';
import { lines, type Piece, padded, spaced, type Text, text, trimmedEnd } from '../output/text.js';
import { cut, wrapped } from './wrapped.js';

const BYTES_A_LINE = 8;
const LINE_WIDTH = 100;
const OFFSET_WIDTH = 'OFFSET'.length;
const BYTES_WIDTH = BYTES_A_LINE * 3 - 1;
/** How much is left for words on the right of the offset and the bytes. */
const WORDS_WIDTH = LINE_WIDTH - OFFSET_WIDTH - BYTES_WIDTH - 4;
/** How wide the column of what the bytes are can be. The rest is for the value. */
const LONGEST_TEXT = 44;

/** A table for a person: the offset and the bytes of each part, what it is, its value, and what is wrong with it. */
export function explanationText(wire: Uint8Array, parts: readonly WirePart[]): Text {
  const style = styles();
  const width = Math.min(LONGEST_TEXT, Math.max(...parts.map((part) => part.text.length)));
  const heading = row('OFFSET', 'BYTES', spaced([padded('WHAT IT IS', width), 'VALUE']));
  return lines([style.bold(heading), ...parts.flatMap((part) => rowsOf(wire, part, width, style))]);
}

function rowsOf(wire: Uint8Array, part: WirePart, width: number, style: Styles): Text[] {
  const left = bytesOf(wire, part, style);
  const right = [
    ...meaningOf(part, width, style),
    ...problemOf(part, style),
    ...codesOf(part).flatMap((line) => wrapped(line, WORDS_WIDTH).map(style.yellow)),
  ];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
    row(at === 0 ? `${part.start}` : '', left[at] ?? '', right[at] ?? ''),
  );
}

function row(offset: Piece, bytes: Piece, words: Piece): Text {
  return trimmedEnd(spaced([padded(offset, OFFSET_WIDTH, 'left'), padded(bytes, BYTES_WIDTH), words]));
}

/** The bytes in hex, some a line. A code of COBS among them has a colour, because it is another byte in the frame. */
function bytesOf(wire: Uint8Array, { part, start, end, codes = [], problem }: WirePart, style: Styles): Text[] {
  const isFrame = part !== 'delimiter' && part !== 'padding' && part !== 'cobs';
  const painted = (at: number): Piece => {
    const hex = hexOf(wire.subarray(at, at + 1));
    if (problem !== undefined) return style.red(hex);
    if (codes.some((code) => code.at === at)) return style.yellow(hex);
    return isFrame ? hex : style.dim(hex);
  };
  const shown: Text[] = [];
  for (let at = start; at < end; at += BYTES_A_LINE) {
    const count = Math.min(BYTES_A_LINE, end - at);
    const bytes = Array.from({ length: count }, (_, each) => painted(at + each));
    shown.push(bytes.reduce<Text>((line, byte, each) => (each === 0 ? text`${byte}` : text`${line} ${byte}`), text``));
  }
  return shown;
}

/** What the part is, and its value beside it. Each of the two can have several lines. */
function meaningOf(part: WirePart, width: number, style: Styles): Text[] {
  const words = wrapped(part.text, width);
  const value = cut(shownValue(part), WORDS_WIDTH - width - 2);
  const paint = part.problem === undefined ? style.bold : style.red;
  return Array.from({ length: Math.max(words.length, value.length) }, (_, at) =>
    spaced([padded(words[at] ?? '', width), value[at] ? paint(value[at]) : '']),
  );
}

/** The value, unless the words or the bytes say it already. In quotes if it has spaces, which are easily overlooked. */
function shownValue({ part, name, value = '' }: WirePart): string {
  if (part === 'cobs' || part === 'tag' || part === 'unknown') return '';
  if (part === 'damaged' && name === undefined) return '';
  return `${value}`.includes(' ') ? `"${value}"` : `${value}`;
}

function problemOf({ problem }: WirePart, style: Styles): Text[] {
  return problem === undefined ? [] : wrapped(`problem: ${problem}`, WORDS_WIDTH).map(style.red);
}

/** What each code of COBS says. Codes side by side that say the same have one line. */
function codesOf({ codes = [] }: WirePart): string[] {
  const shown: { from: number; to: number; words: string }[] = [];
  for (const { at, text: words } of codes) {
    const last = shown.at(-1);
    if (last?.to === at - 1 && last.words === words) last.to = at;
    else shown.push({ from: at, to: at, words });
  }
  return shown.map(({ from, to, words }) => `${from === to ? `byte ${from}` : `bytes ${from} to ${to}`}: ${words}`);
}
