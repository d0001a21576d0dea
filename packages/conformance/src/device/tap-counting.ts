import { tagOf } from '@bluetap/protocol/tools';
import type { TapCounting } from './declaration.js';
import { fieldValue } from './frames.js';
import type { RawSession } from './raw-session.js';

/** What bits 1 and 2 of the flags say. 3 is reserved. docs/protocol.md section 3. */
export const COUNTINGS: readonly (TapCounting | undefined)[] = ['read', 'field', 'none', undefined];

/** The flags in the reply to HELLO; 0 if they are absent. */
export function flagsOf({ helloFrame }: RawSession): number {
  return fieldValue(helloFrame.payload, tagOf('flags'))?.[0] ?? 0;
}

/** How the device counts taps. */
export function countingOf(session: RawSession): TapCounting | undefined {
  return COUNTINGS[(flagsOf(session) >>> 1) & 3];
}
