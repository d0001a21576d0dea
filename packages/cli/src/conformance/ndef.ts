import { parseHex } from '../input/hex.js';

/**
 * Reads what the hook printed for a tap. It is the NDEF message in hex, or one JSON object with `ndef` in hex, as
 * `bluetap device tap` prints it.
 * @returns The NDEF message. Empty if the hook says that a phone can read nothing: the word `none`, or `"read":false` in
 * JSON. Undefined if the hook does not say what a phone reads.
 * @throws SyntaxError that says what is wrong. Its message continues a sentence.
 */
export function readNdef(printed: string): Uint8Array | undefined {
  const told = printed.trim();
  if (told === '') return undefined;
  if (told === 'none') return new Uint8Array();
  return told.startsWith('{') ? readJson(told) : parseHex(told);
}

function readJson(told: string): Uint8Array | undefined {
  let answer: { readonly read?: unknown; readonly ndef?: unknown };
  try {
    answer = JSON.parse(told);
  } catch {
    throw new SyntaxError('it begins as JSON, and is not one JSON object');
  }
  const { read, ndef } = answer;
  if (ndef !== undefined && typeof ndef !== 'string') throw new SyntaxError('its "ndef" is not a string');
  if (ndef !== undefined) return parseHex(ndef);
  return read === false ? new Uint8Array() : undefined;
}
