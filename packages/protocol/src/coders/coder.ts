/** Converts the values of a field to bytes and back. The row of the field has the rule for the values. */
export interface Coder {
  /**
   * Writes a value to `bytes[at...]` and returns the end offset. `value` can have any type. Returns undefined if the
   * value breaks the rule of its field; then ignore any bytes that were written.
   */
  write(value: unknown, bytes: Uint8Array, at: number): number | undefined;
  /**
   * Returns the value in `bytes[start..end)`, or undefined if it breaks the rule of its field. Reads no byte outside
   * this range.
   */
  read(bytes: Uint8Array, start: number, end: number): unknown;
}
