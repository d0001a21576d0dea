import { expect } from 'vitest';
import { explainWire, type WirePart } from '../../src/tools/index.js';
import { toHex } from '../helpers.js';

const PLAIN = /^[\x20-\x7e]+$/;

/** Explains the bytes. Fails unless the parts cover all bytes in order, and only `missing` parts are empty. */
export function explain(wire: Uint8Array): WirePart[] {
  const before = toHex(wire);
  const parts = explainWire(wire);
  expect(toHex(wire)).toBe(before);
  // One assertion for all parts: an assertion for each costs more than the explanation itself.
  const wrong: unknown[] = [];
  let at = 0;
  for (const part of parts) {
    const isInOrder = part.start === at && part.end > at === (part.part !== 'missing');
    const isPlain = PLAIN.test(part.text) && (part.problem === undefined || PLAIN.test(part.problem));
    const isInside = (part.codes ?? []).every((code) => code.at >= part.start && code.at < part.end);
    if (!isInOrder || !isPlain || !isInside) wrong.push(part);
    at = part.end;
  }
  expect(wrong).toStrictEqual([]);
  expect(at).toBe(wire.length);
  return parts;
}

/** Returns the parts that have a problem, each as its kind, its first byte and its problem. */
export function problemsOf(parts: readonly WirePart[]): [part: string, start: number, problem: string][] {
  return parts.flatMap(({ part, start, problem }) => (problem === undefined ? [] : [[part, start, problem]]));
}

/** Returns a part as one line: its place, its kind, its text and its value. */
export function lineOf({ start, end, part, text, value = '' }: WirePart): string {
  return `${start}-${end} ${part}: ${text} = ${value}`;
}
