import type { FlagRow } from '../schema/fields.js';
import type { Coder } from './coder.js';

/** Coder of one bit. The value is true if the bit is set. */
export function flag({ bit }: FlagRow): Coder {
  return {
    write(value, bytes, at) {
      if (typeof value !== 'boolean') return undefined;
      bytes[at] = value ? 1 << bit : 0;
      return at + 1;
    },
    read: (bytes, start) => ((bytes[start]! >>> bit) & 1) === 1,
  };
}
