import type { SentMessage } from '../truth/device-truth.js';
import type { FrameReader } from '../wire/frame-reader.js';
import type { Id, WireMessage } from '../wire/wire-message.js';

/** A message that a client may believe. */
export interface Believed {
  /** The place of the message in the order in which the client received them. */
  readonly index: number;
  readonly at: number;
  readonly message: WireMessage;
  /** The message as the device sent it. Undefined if a fault of the device made it. */
  readonly sent: SentMessage | undefined;
  /** False if the client may have given up waiting for it. */
  sure: boolean;
}

/** A channel of a client. */
export interface ViewedChannel {
  /** The id of the device in the list. */
  readonly id: string;
  readonly reader: FrameReader;
  /** How many writes hang or have failed. */
  writes: number;
  /** False once the program was told its end, or has closed it. */
  open: boolean;
}

/** The session of a client, as the wire shows it. */
export interface ViewedSession extends Id {
  readonly serialNumber: string;
  readonly bootId: number;
  /** The reply to HELLO. */
  readonly opening: Believed;
  /** The channel on which it was opened. */
  readonly channel: ViewedChannel;
  linkSequence: number;
  /** True if the latest message says that no payment link is live, and no PAY was sent since. */
  over: boolean;
  /** How often a phone has read the payment link, as far as the client was told. */
  taps: number;
  /** The same with the messages that the client may have dropped. */
  tapsPerhaps: number;
  /** L of section 4. */
  last: Id | undefined;
  /** A LINK was lost, and no STATUS has asked since. */
  gap: boolean;
}

export interface HostViewHandlers {
  now(): number;
  violation(what: string): void;
  hit(what: string): void;
  /** True once the program has closed the client or crashed. */
  over(): boolean;
  /** True while no call of the program is under way. */
  idle(): boolean;
  /** When the program last went on after a block, in milliseconds. */
  wentOnAt(): number;
  /** True if the program has stored the attempt of this command. */
  stored(id: Id): boolean;
  /** The serial number of the only device that the program accepts; undefined if it accepts any. */
  readonly wanted: string | undefined;
  /**
   * False if a client can count contradictions that one message does not show: the device at an open line can be
   * another one, or can restart, without a sign, or its reply to HELLO is false.
   */
  readonly showsContradictions: boolean;
  /** Returns the message with this CRC as a device sent it last. */
  sentAs(crc: number): SentMessage | undefined;
}
