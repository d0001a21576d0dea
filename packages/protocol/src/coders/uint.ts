import type { UintRow } from '../schema/fields.js';
import type { Coder } from './coder.js';
import { isWhole, readU32, writeU32 } from './numbers.js';

/** Coder of a whole number from `minimum` to `maximum`: u8 or u32. */
export function uint({ size, minimum, maximum }: UintRow): Coder {
  return {
    write(value, bytes, at) {
      if (!isWhole(value, minimum, maximum)) return undefined;
      if (size === 1) bytes[at] = value;
      else writeU32(value, bytes, at);
      return at + size;
    },
    read(bytes, start) {
      const value = size === 1 ? bytes[start]! : readU32(bytes, start);
      return isWhole(value, minimum, maximum) ? value : undefined;
    },
  };
}
