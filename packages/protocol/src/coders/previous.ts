import type { PreviousRow } from '../schema/fields.js';
import type { PreviousPaymentLink } from '../schema/message-types.js';
import type { Coder } from './coder.js';
import { isWhole } from './numbers.js';

/** Coder of the state and the taps of a payment link: u8 and u8. */
export function previous({ choices }: PreviousRow): Coder {
  return {
    write(value, bytes, at) {
      const { state, taps } = Object(value) as PreviousPaymentLink;
      const place = choices.indexOf(state);
      if (place < 0 || !isWhole(taps, 0, 0xff)) return undefined;
      bytes[at] = place;
      bytes[at + 1] = taps;
      return at + 2;
    },
    read: (bytes, start) => choices[bytes[start]!] && { state: choices[bytes[start]!], taps: bytes[start + 1]! },
  };
}
