/**
 * COBS for frames of at most 128 encoded bytes. At this length no block ever fills up, so a code byte other than the
 * first always stands where a zero stood: encoded and decoded bytes have the same places. docs/protocol.md section 1.
 */

/** Encodes the frame in `bytes[2..end)` and gives it with a delimiter on both sides. */
export function cobsEncode(bytes: Uint8Array, end: number): Uint8Array {
  const wire = new Uint8Array(end + 1);
  let code = 1;
  for (let at = 2; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0) {
      wire[code] = at - code;
      code = at;
    } else wire[at] = byte;
  }
  wire[code] = end - code;
  return wire;
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
