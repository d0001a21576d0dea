import { WIRE_RESULTS, type WireResult } from '../wire.js';

/** The result that goes with each reason, as an index into `WIRE_RESULTS`. docs/protocol.md section 3. */
const RESULTS_OF_REASONS = [3, 1, 1, 1, 2, 2, 2, 1, 2, 2, 2, 3];

/** The result that goes with a reason; with one of a later version, UNKNOWN_EXCEPTION. */
export function resultOf(reason: number): WireResult {
  return WIRE_RESULTS[RESULTS_OF_REASONS[reason] ?? 3]!;
}
