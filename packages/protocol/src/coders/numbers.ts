/** True if a value of any type is a whole number from `minimum` to `maximum`. `maximum` has at most 32 bits. */
export function isWhole(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === 'number' && value >>> 0 === value && value >= minimum && value <= maximum;
}

/** Returns the u16 in `bytes[at..at + 2)`, little-endian. */
export function readU16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** Returns the u32 in `bytes[at..at + 4)`, little-endian. */
export function readU32(bytes: Uint8Array, at: number): number {
  return (readU16(bytes, at) | (readU16(bytes, at + 2) << 16)) >>> 0;
}

/** Writes a u16 to `bytes[at..at + 2)`, little-endian. */
export function writeU16(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

/** Writes a u32 to `bytes[at..at + 4)`, little-endian. */
export function writeU32(value: number, bytes: Uint8Array, at: number): void {
  writeU16(value, bytes, at);
  writeU16(value >>> 16, bytes, at + 2);
}
