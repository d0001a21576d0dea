import type { WireResult } from '../schema/names.js';
import { REASONS, type ReasonRow } from '../schema/reasons.js';

/** Returns the row of a reason, or undefined if only a later version defines the reason. */
export function rowOfReason(reason: number): ReasonRow | undefined {
  return REASONS.find(({ number }) => number === reason);
}

/** Returns the result that belongs to a reason, or UNKNOWN_EXCEPTION if only a later version defines the reason. */
export function resultOf(reason: number): WireResult {
  return rowOfReason(reason)?.result ?? 'UNKNOWN_EXCEPTION';
}

/** Describes a reason of a refusal, 1 to 255, in words for a person. */
export function describeReason(reason: number): string {
  return rowOfReason(reason)?.text ?? `reason ${reason}, which this version does not know`;
}
