import { readFileSync } from 'node:fs';
import type { Message } from '@bluetap/protocol';
import { ExitCode, Failure } from '../process/exit-code.js';

/** One vector of vectors/frames.json: bytes in hex, and their message or their error. */
export type Vector = { readonly name: string; readonly wire: string } & (
  | { readonly message: Message; readonly error?: never }
  | { readonly error: object; readonly message?: never }
);

/** @throws Failure (exit code 1) that says why the file cannot be read, or why it is not a file of vectors. */
export function readVectors(file: string): readonly Vector[] {
  const content = parse(file, read(file));
  const wrong = (what: string) => new Failure(ExitCode.FAILED, `${file} is not a file of vectors: ${what}.`);
  if (!isObject(content)) throw wrong('it is not an object');
  if (content['format'] !== 'BlueTap frame vectors') throw wrong('its "format" is not "BlueTap frame vectors"');
  if (content['version'] !== 1) throw wrong('its "version" is not 1');
  const { vectors } = content;
  if (!Array.isArray(vectors)) throw wrong('it has no list "vectors"');
  if (vectors.length === 0) throw wrong('its list is empty, so it proves nothing');
  for (const [at, vector] of vectors.entries()) {
    const problem = problemOf(vector);
    if (problem) throw wrong(`vector ${at + 1} ${problem}`);
  }
  return vectors;
}

function problemOf(vector: unknown): string | undefined {
  if (!isObject(vector)) return 'is not an object';
  const { name, wire, message, error } = vector;
  if (typeof name !== 'string' || name === '') return 'has no "name"';
  const called = `(${JSON.stringify(name)})`;
  if (typeof wire !== 'string' || !/^([\da-f]{2})*$/.test(wire)) return `${called} has no "wire" in lower-case hex`;
  if ((message === undefined) === (error === undefined)) return `${called} needs either "message" or "error"`;
  if (!isObject(message ?? error)) return `${called}: its "message" or "error" is not an object`;
  return undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure(ExitCode.FAILED, `${file} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure(ExitCode.FAILED, `${file} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
