/**
 * COBS for frames of at most 128 encoded bytes. At this length no block ever fills up, so a code byte other than the
 * first always stands where a zero stood: encoded and decoded bytes have the same places. docs/protocol.md section 1.
 */

/** Encodes the frame in `bytes[2..end)` and gives it with a delimiter on both sides. */
export function cobsEncode(bytes: Uint8Array, end: number): Uint8Array {
  const wire = new Uint8Array(end + 1);
  let code = 1;
  for (let at = 2; at < end; ) {
    const first = bytes[at]!;
    const second = bytes[at + 1]!;
    const third = bytes[at + 2]!;
    const fourth = bytes[at + 3]!;
    // Four at a time as far as it goes, through the texts: it saves a third of this loop.
    if (at + 4 <= end && first && second && third && fourth) {
      wire[at++] = first;
      wire[at++] = second;
      wire[at++] = third;
      wire[at++] = fourth;
    } else if (first) wire[at++] = first;
    else {
      wire[code] = at - code;
      code = at++;
    }
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
