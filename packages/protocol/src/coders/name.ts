import type { NameRow } from '../schema/fields.js';
import type { Coder } from './coder.js';

/** Coder of a name from a list. Each character is one byte. */
export function name({ choices }: NameRow): Coder {
  return {
    write(value, bytes, at) {
      const text = choices.find((choice) => choice === value);
      if (text === undefined) return undefined;
      for (let place = 0; place < text.length; place++) bytes[at + place] = text.charCodeAt(place);
      return at + text.length;
    },
    read: (bytes, start, end) => choices.find((choice) => isSpelled(choice, bytes, start, end)),
  };
}

/** True if `bytes[start..end)` contains exactly this string. */
function isSpelled(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let place = 0; place < text.length; place++) if (bytes[start + place] !== text.charCodeAt(place)) return false;
  return true;
}
