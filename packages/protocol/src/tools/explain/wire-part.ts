/**
 * What a part of the wire bytes is. docs/protocol.md sections 1 and 2.
 *
 * - `delimiter`: a 00 at the start or the end of a frame. `padding`: 00 bytes that mean nothing.
 * - `cobs`: the first code of COBS. It is not a byte of the frame.
 * - `version`, `type`, `session`, `sequence`: the header of the frame.
 * - `tag`, `length`, `value`: the parts of a field. `unknown`: the value of a field that the type does not know.
 * - `crc`: the CRC-32C.
 * - `damaged`: bytes that have no sure meaning, because bytes beside them are missing or wrong.
 * - `surplus`: the bytes of a frame after the 128th encoded byte.
 * - `missing`: a part that should be here and is not. It has no bytes: its end is its start.
 */
export type WirePartKind =
  | 'delimiter'
  | 'padding'
  | 'cobs'
  | 'version'
  | 'type'
  | 'session'
  | 'sequence'
  | 'tag'
  | 'length'
  | 'value'
  | 'unknown'
  | 'crc'
  | 'damaged'
  | 'surplus'
  | 'missing';

/** A code of COBS: a byte on the wire in the place of a 00 of the frame. docs/protocol.md section 1. */
export interface CobsCode {
  /** The index of the code in the wire bytes. */
  readonly at: number;
  /**
   * The index in the wire bytes to which the code leads: the next code, or the end of the frame. If the frame is cut or
   * damaged, it can be after the end of the bytes.
   */
  readonly next: number;
  /** What the code says, in words for a person. */
  readonly text: string;
}

/** A part of the wire bytes, with what it is. Indexes count the wire bytes from 0, delimiters included. */
export interface WirePart {
  /** The index of the first byte. */
  readonly start: number;
  /** The index after the last byte. It equals `start` in a `missing` part, and in no other part. */
  readonly end: number;
  /** What the bytes are. */
  readonly part: WirePartKind;
  /** The name of the message (`type`) or of the field (all parts of a field), as in `MESSAGES` and `FIELDS`. */
  readonly name?: string | undefined;
  /**
   * The decoded value.
   *
   * A `value` part that breaks no rule has what the decoded message has, in the form of a number or a string: a flag is 1
   * or 0, the last command is session/sequence, for example `7/1`. The value of a `type` is the name of the message, if
   * the type is known. The value of a `crc` is eight hex digits, the highest first. A value that cannot be decoded is
   * hex, or text in which each byte that is not printable is `\xNN`.
   */
  readonly value?: string | number | undefined;
  /** What the part is, in a few words for a person. It does not repeat the value. */
  readonly text: string;
  /** The rule that the part breaks, in words for a person. Undefined if it breaks none. */
  readonly problem?: string | undefined;
  /**
   * The codes of COBS among the bytes of this part. Each of them is 00 in the frame. Undefined if there is none, and in
   * the `cobs` part, whose code is no byte of the frame.
   */
  readonly codes?: readonly CobsCode[] | undefined;
}
