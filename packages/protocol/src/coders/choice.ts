import type { ChoiceRow } from '../schema/fields.js';
import type { Coder } from './coder.js';

/** Coder of a name from a list. The byte on the wire is the index of the name in the list. */
export function choice({ choices }: ChoiceRow): Coder {
  return {
    write(value, bytes, at) {
      const place = choices.indexOf(value as string);
      if (place < 0) return undefined;
      bytes[at] = place;
      return at + 1;
    },
    read: (bytes, start) => choices[bytes[start]!],
  };
}
