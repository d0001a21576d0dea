/**
 * COBS for frames of at most 128 encoded bytes. At this length no block ever fills up, so a code byte other than the
 * first always stands where a zero stood: encoded and decoded bytes have the same places. docs/protocol.md section 1.
 */

/** Encodes `frame[0..length)` as wire bytes: a delimiter, the encoded frame, another delimiter. */
export function cobsEncode(frame: Uint8Array, length: number): Uint8Array {
  const wire = new Uint8Array(length + 3);
  let code = 1;
  let to = 2;
  for (let at = 0; at < length; at++, to++) {
    const byte = frame[at]!;
    if (byte !== 0) wire[to] = byte;
    else {
      wire[code] = to - code;
      code = to;
    }
  }
  wire[code] = to - code;
  return wire;
}

/**
 * Decodes `encoded[0..length)`, which holds at least one byte and no zero. Every encoded byte but the first gives one
 * byte, itself or, where a code stands, a zero. Returns undefined when the last block runs past the end.
 */
export function cobsDecode(encoded: Uint8Array, length: number): Uint8Array | undefined {
  const bytes = encoded.slice(1, length);
  let at = encoded[0]! - 1;
  while (at < bytes.length) {
    const code = bytes[at]!;
    bytes[at] = 0;
    at += code;
  }
  return at === bytes.length ? bytes : undefined;
}
