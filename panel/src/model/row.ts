import type { Message } from '@bluetap/protocol';

/** The kind of a text: good news, bad news, a warning, or none of these. */
export type Tone = 'good' | 'bad' | 'warn' | 'plain';

/** What happened to a frame on its way. */
export interface Note {
  readonly text: string;
  readonly tone: Tone;
}

/** A name and a value of a message. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** A frame in the list. */
export interface FrameRow {
  readonly kind: 'frame';
  /** A different number for each row of a device. It never changes. */
  readonly key: number;
  readonly time: string;
  readonly frameNumber: number;
  readonly direction: 'in' | 'out';
  readonly connection: string;
  /** The wire bytes as the host or the device sent them, in lower-case hex. */
  readonly wire: string;
  /** `PAY`, `PAY reply`, `type 0x7f`. */
  readonly title: string;
  readonly session: number;
  readonly sequence: number;
  /** The result of a reply. */
  readonly result?: string | undefined;
  readonly facts: readonly Fact[];
  /** The message; undefined if the frame is not a message of this version. */
  readonly message?: Message | undefined;
  readonly notes: readonly Note[];
  /** True if the frame did not arrive: a behaviour lost it or holds it. */
  readonly stopped: boolean;
  /** The bytes that a behaviour passed on instead of `wire`. */
  readonly passed?: string | undefined;
}

/** An entry of the list that is not a frame: a tap, a cable, a command. */
export interface EventRow {
  readonly kind: 'event';
  readonly key: number;
  readonly time: string;
  readonly text: string;
  readonly tone: Tone;
  /** True for a mark of a person. */
  readonly mark?: true | undefined;
}

/** A row of the list. */
export type Row = FrameRow | EventRow;
