import type { WireResult } from '../schema/names.js';
import { REASONS, type ReasonRow } from '../schema/reasons.js';

/** The row of a reason; undefined for one of a later version. */
export function rowOfReason(reason: number): ReasonRow | undefined {
  return REASONS.find(({ number }) => number === reason);
}

/** The result that goes with a reason; with one of a later version, UNKNOWN_EXCEPTION. */
export function resultOf(reason: number): WireResult {
  return rowOfReason(reason)?.result ?? 'UNKNOWN_EXCEPTION';
}

/** A reason of a refusal, 1 to 255, in words for a person. */
export function describeReason(reason: number): string {
  return rowOfReason(reason)?.text ?? `reason ${reason}, which this version does not know`;
}
