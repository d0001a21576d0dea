/**
 * COBS for frames of at most 128 encoded bytes. At this length no block ever fills up, so a code byte other than the
 * first always stands where a zero stood: encoded and decoded bytes have the same places. docs/protocol.md section 1.
 */

/**
 * Encodes the frame in `wire[2..end)` where it stands and gives a copy of the whole: a delimiter, the encoded frame,
 * another delimiter. `wire[0]` is zero.
 */
export function cobsEncode(wire: Uint8Array, end: number): Uint8Array {
  let code = 1;
  for (let at = 2; at < end; at++) {
    if (wire[at] === 0) {
      wire[code] = at - code;
      code = at;
    }
  }
  wire[code] = end - code;
  wire[end] = 0;
  return wire.slice(0, end + 1);
}

/**
 * Decodes `encoded[0..end)`, which holds at least one byte and no zero, where it stands: `[1..end)` is the frame then.
 * False when the last block runs past the end.
 */
export function cobsDecode(encoded: Uint8Array, end: number): boolean {
  let at = encoded[0]!;
  while (at < end) {
    const code = encoded[at]!;
    encoded[at] = 0;
    at += code;
  }
  return at === end;
}
