import { explainWire, type WirePart } from '@bluetap/protocol/tools';
import { spacedHex } from './record.js';

/** The content of one box of the page: a part of the frame, or the tag, the length and the value of one field. */
export interface ByteGroup {
  /** A different number for each group. */
  readonly start: number;
  /** The bytes in upper-case hex with spaces; empty if the part is missing. */
  readonly hex: string;
  /** Decides the colour. */
  readonly part: string;
  /** What it is. */
  readonly label: string;
  /** What it says. */
  readonly value: string;
  /** The meaning of each part, one part in a line. */
  readonly details: string;
  readonly problems: readonly string[];
}

/** Explains wire bytes, for the boxes of the page. A field is one box. */
export function explainGroups(bytes: Uint8Array): readonly ByteGroup[] {
  const groups: WirePart[][] = [];
  for (const part of explainWire(bytes)) {
    const open = groups.at(-1);
    if (open && belongs(open, part)) open.push(part);
    else groups.push([part]);
  }
  return groups.map((parts) => groupOf(parts, bytes));
}

/** One part of the wire bytes, as a line of a table. */
export interface ByteLine {
  /** The index of its first byte, from 0. */
  readonly start: number;
  readonly hex: string;
  readonly text: string;
  readonly value: string;
  /** What is wrong with it, and which of its bytes are codes of COBS. */
  readonly more: readonly string[];
}

/** Explains wire bytes part by part, and leaves nothing out. */
export function explainLines(bytes: Uint8Array): readonly ByteLine[] {
  return explainWire(bytes).map(({ start, end, text, value, problem, codes = [] }) => ({
    start,
    hex: hexOf(bytes, start, end),
    text,
    value: value === undefined ? '' : String(value),
    more: [...(problem ? [problem] : []), ...codes.map((code) => `byte ${code.at}: ${code.text}`)],
  }));
}

function hexOf(bytes: Uint8Array, start: number, end: number): string {
  return spacedHex(Array.from(bytes.subarray(start, end), (byte) => byte.toString(16).padStart(2, '0')).join(''));
}

/** The length and the value follow the tag of their field. */
function belongs(open: readonly WirePart[], { part, name }: WirePart): boolean {
  if (open[0]!.part !== 'tag' || open[0]!.name !== name) return false;
  return part === 'length' || part === 'value' || part === 'unknown' || part === 'damaged';
}

function groupOf(parts: readonly WirePart[], bytes: Uint8Array): ByteGroup {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  const isField = first.part === 'tag';
  return {
    start: first.start,
    hex: hexOf(bytes, first.start, last.end),
    part: isField ? 'value' : first.part,
    label: isField ? (first.name ?? first.text) : labelOf(first),
    value: isField ? (parts.length > 1 ? String(last.value ?? '') : '') : wordsOf(first),
    details: parts.map(({ text, value }) => (value === undefined ? text : `${text}: ${value}`)).join('\n'),
    problems: parts.flatMap(({ problem }) => problem ?? []),
  };
}

const LABELS: Readonly<Record<string, string>> = { cobs: 'COBS', crc: 'CRC-32C' };

function labelOf({ part, text }: WirePart): string {
  if (part === 'delimiter') return text.replace('delimiter: ', '');
  if (part === 'missing' || part === 'padding' || part === 'damaged' || part === 'surplus') return text;
  return LABELS[part] ?? part;
}

function wordsOf({ part, text, value }: WirePart): string {
  if (part === 'cobs') return text.replace('COBS: ', '');
  if (part === 'crc') return text.replace('CRC-32C, ', '');
  return value === undefined ? '' : String(value);
}
