/**
 * Control characters, format characters (invisible, or for the writing direction), line and paragraph separators,
 * surrogates.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Makes text from outside (a device, a file, a socket) safe to show to a person. The returned text cannot control a
 * terminal and cannot look like a separate line: ESC becomes \u001b, a line feed becomes \u000a.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** A value as a message quotes it. A string becomes JSON of at most 40 characters. An object is named by its kind. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return printable(JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
