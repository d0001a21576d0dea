/** CRC-32C (Castagnoli): reflected; the initial value and the final XOR are 0xFFFFFFFF. docs/protocol.md section 2. */
const POLYNOMIAL = 0x82f63b78;

/** `TABLES[n * 256 + byte]` is the effect of a byte on the CRC if n zero bytes follow the byte. */
const TABLES = new Int32Array(4 * 256);
for (let at = 0; at < TABLES.length; at++) {
  let crc = at < 256 ? at : TABLES[at - 256]!;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  TABLES[at] = crc;
}

/** Returns the CRC-32C of `bytes[start..end)` as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const whole = start + ((end - start) & ~3);
  let crc = fourByFour(bytes, start, whole);
  for (let at = whole; at < end; at++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}

/**
 * Does the same as the loop above, four bytes at a time, for a length that is a multiple of four. Without this
 * function, splitting a stream takes a fifth longer and misses its bound in the benchmark. Eight bytes at a time is not
 * faster. The test compares the CRC with a plain loop that works bit by bit.
 */
function fourByFour(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  for (let at = start; at < end; at += 4) {
    crc =
      TABLES[768 + ((crc ^ bytes[at]!) & 0xff)]! ^
      TABLES[512 + (((crc >>> 8) ^ bytes[at + 1]!) & 0xff)]! ^
      TABLES[256 + (((crc >>> 16) ^ bytes[at + 2]!) & 0xff)]! ^
      TABLES[(crc >>> 24) ^ bytes[at + 3]!]!;
  }
  return crc;
}
