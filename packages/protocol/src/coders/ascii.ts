import type { AsciiRow } from '../schema/fields.js';
import type { Coder } from './coder.js';

/** Coder of a string. Each character is one byte. */
export function ascii({ minimum, maximum, alphabet }: AsciiRow): Coder {
  const { lowest, highest, separator } = alphabet;
  const isLength = (length: number) => length >= minimum && length <= maximum;
  return {
    write(value, bytes, at) {
      if (typeof value !== 'string' || !isLength(value.length)) return undefined;
      let separators = 0;
      for (let place = 0; place < value.length; place++) {
        const code = value.charCodeAt(place);
        if (code === separator) {
          separators++;
          if (separators > 1 || place === 0 || place === value.length - 1) return undefined;
        } else if (code < lowest || code > highest) return undefined;
        bytes[at + place] = code;
      }
      return at + value.length;
    },
    read(bytes, start, end) {
      if (!isLength(end - start)) return undefined;
      let text = '';
      let separators = 0;
      for (let at = start; at < end; at++) {
        const code = bytes[at]!;
        if (code === separator) {
          separators++;
          if (separators > 1 || at === start || at === end - 1) return undefined;
        } else if (code < lowest || code > highest) return undefined;
        text += String.fromCharCode(code);
      }
      return text;
    },
  };
}
