/** The unsigned number that `bytes[at..end)` holds, little-endian, at most four bytes. */
export function uint(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  while (end > at) value = (value << 8) | bytes[--end]!;
  return value >>> 0;
}
