/** The bytes of a report, without the report id. docs/protocol.md section 7. */
export const REPORT_LENGTH = 64;

/** The device has no report ids, but the system still needs this first byte. */
const NO_REPORT_ID = 0;

/** A buffer for one report in the form of the library: the report id, then the bytes. */
export function emptyReport(): Buffer {
  return Buffer.alloc(1 + REPORT_LENGTH, NO_REPORT_ID);
}

/** Fills a report with `bytes[at..]`, and pads the rest with 0x00. A decoder ignores this padding. */
export function fillReport(report: Buffer, bytes: Uint8Array, at: number): void {
  // A plain loop: subarray, fill and set each take longer than these 64 steps.
  for (let index = 0; index < REPORT_LENGTH; index++) report[1 + index] = bytes[at + index] ?? 0;
}
