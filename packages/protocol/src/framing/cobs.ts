/**
 * COBS for frames of at most 128 encoded bytes. docs/protocol.md section 1. At this length no piece is ever too long, so a
 * code always stands where a zero stood, but for the first: both directions work where the bytes stand, and move none.
 */

/** Puts codes in place of the zeros of the frame in `bytes[start + 1..end)`: `bytes[start..end)` is encoded then. */
export function cobsEncode(bytes: Uint8Array, start: number, end: number): void {
  let code = start;
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === 0) {
      bytes[code] = at - code;
      code = at;
    }
  }
  bytes[code] = end - code;
}

/**
 * Decodes `bytes[0..end)`, which holds at least one byte and no zero: the frame is `[1..end)` then.
 * False when the last piece runs past the end.
 */
export function cobsDecode(bytes: Uint8Array, end: number): boolean {
  let at = bytes[0]!;
  while (at < end) {
    const code = bytes[at]!;
    bytes[at] = 0;
    at += code;
  }
  return at === end;
}
