/**
 * COBS for frames of at most 128 encoded bytes. docs/protocol.md section 1. At this length no block reaches the maximum
 * length of COBS. So each code, except the first, replaces a zero byte. Both functions therefore work in place and move
 * no bytes.
 */

/**
 * Replaces the zeros of the frame in `bytes[start + 1..end)` with codes. After the call `bytes[start..end)` is the
 * encoded frame.
 */
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
 * Decodes `bytes[0..end)` in place. The range must contain at least one byte and no zero. After the call the frame is
 * in `bytes[1..end)`. Returns false if the last block runs past the end.
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
