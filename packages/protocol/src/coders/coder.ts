/** How the values of a field become bytes, and how they come back. What a value may be is said by the field's row. */
export interface Coder {
  /**
   * Writes a value to `bytes[at...]` and returns where it ends there. Takes anything; undefined when the value breaks the
   * rule of its field, and what was written until then is worth nothing.
   */
  write(value: unknown, bytes: Uint8Array, at: number): number | undefined;
  /** The value in `bytes[start..end)`; undefined when it breaks the rule of its field. Reads nothing outside. */
  read(bytes: Uint8Array, start: number, end: number): unknown;
}
