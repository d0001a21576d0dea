/** Bytes of a report, without its number. docs/protocol.md section 7. */
export const REPORT_LENGTH = 64;

/** The device has no numbered reports, and the system wants this byte in front of each. */
const NO_REPORT_ID = 0;

/** A report that can be filled again and again, as the library takes it: the number, then the bytes. */
export function emptyReport(): Buffer {
  return Buffer.alloc(1 + REPORT_LENGTH, NO_REPORT_ID);
}

/** Fills a report with `bytes[at..]`, and pads it with 0x00 where they end. A decoder skips these zeros. */
export function fillReport(report: Buffer, bytes: Uint8Array, at: number): void {
  // By hand: a subarray, a fill and a set each cost more than these 64 bytes.
  for (let index = 0; index < REPORT_LENGTH; index++) report[1 + index] = bytes[at + index] ?? 0;
}
