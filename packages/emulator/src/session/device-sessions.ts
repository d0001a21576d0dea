import {
  type CommandId,
  type Decoded,
  decodeMessage,
  encodeMessage,
  type Frame,
  MessageType,
  type PreviousPaymentLink,
  Reason,
  type TapSource,
} from '@bluetap/protocol';
import {
  encodeFrame,
  PAYMENT_LINK_STATES,
  REFUSAL,
  REPLY_BIT,
  resultOf,
  tagOf,
  VERSION,
  WIRE_RESULTS,
} from '@bluetap/protocol/tools';
import type { Device } from '../device/device.js';

/** The identity of the device in the reply to HELLO. */
export interface Identity {
  readonly serialNumber: string;
  readonly model: string;
  readonly firmware: string;
  /** What the device says that it counts as a tap. Undefined if it does not say it. */
  readonly tapSource?: TapSource | undefined;
}

/** Reasons that are found before the session is checked. */
const OF_THE_HEADER: ReadonlySet<number> = new Set([Reason.UNKNOWN_VERSION, Reason.UNKNOWN_TYPE]);

/** No reason: the request was accepted. */
const ACCEPTED = 0;

/** The functions that the sessions call. */
export interface SessionHandlers {
  /** A session opened or ended. */
  onChange(): void;
  /** The request is a repeat. It is answered again and not executed again. */
  onRepeat(): void;
}

interface DeviceSession<Owner> {
  readonly number: number;
  readonly connection: Owner;
  /**
   * The sequence, CRC and reason of the latest request with a new sequence. They are enough to detect and answer a
   * repeat.
   */
  latest: number;
  crc: number;
  reason: number;
  /** What the latest request replaced. Stored, so that a repeat tells the same. */
  previous: PreviousPaymentLink | undefined;
  /** The sequence of the latest LINK. */
  linkSequence: number;
}

/**
 * Implements the session and delivery rules: which request the device executes, and how it answers each request.
 * docs/protocol.md, Messages and Session and delivery. There is at most one session. It belongs to the connection of
 * its HELLO.
 */
export class DeviceSessions<Owner> {
  readonly #device: Device;
  readonly #identity: Identity;
  readonly #random: () => number;
  readonly #handlers: SessionHandlers;
  #session: DeviceSession<Owner> | undefined;
  /** The number of the latest session, or the random start number. */
  #number = 0;
  #bootId = -1;
  #lastCommand: CommandId | undefined;

  /** @param random Returns unsigned 32-bit numbers for boot ids and the first session number. */
  constructor(device: Device, identity: Identity, random: () => number, handlers: SessionHandlers) {
    this.#device = device;
    this.#handlers = handlers;
    this.#identity = identity;
    this.#random = random;
    this.start();
  }

  get bootId(): number {
    return this.#bootId;
  }

  /** The number and the connection of the open session, or undefined. */
  get open(): { readonly number: number; readonly connection: Owner } | undefined {
    return this.#session;
  }

  /** The number of the latest session. The next session has the next number. */
  get number(): number {
    return this.#number;
  }

  get lastCommand(): CommandId | undefined {
    return this.#lastCommand;
  }

  /** Starts the device with another boot id, without a session and without a last command. */
  start(): void {
    const bootId = this.#random() >>> 0;
    this.#bootId = bootId === this.#bootId ? (bootId + 1) >>> 0 : bootId;
    this.#number = this.#random() & 0xffff;
    this.#session = undefined;
    this.#lastCommand = undefined;
  }

  /** Ends the session of a connection that closed. */
  closed(connection: Owner): void {
    if (this.#session?.connection !== connection) return;
    this.#session = undefined;
    this.#handlers.onChange();
  }

  /** Continues an earlier start, of which a state was written down. There is no session. */
  restore(bootId: number, number: number, lastCommand: CommandId | undefined): void {
    this.#bootId = bootId;
    this.#number = number;
    this.#session = undefined;
    this.#lastCommand = lastCommand;
  }

  /**
   * Executes a request if the rules allow it. Returns the wire bytes of the answer. Every request has an answer, unless
   * the device has restarted because of it: then undefined.
   */
  answer(frame: Frame, connection: Owner): Uint8Array | undefined {
    // The time of the payment link can be over. That can restart the device.
    const { bootId } = this;
    this.#device.look();
    if (this.bootId !== bootId) return undefined;
    const decoded = decodeMessage(frame);
    if (!decoded.ok && OF_THE_HEADER.has(decoded.reason)) return this.#refuse(frame, decoded.reason);
    if (frame.type === MessageType.HELLO) return this.#hello(frame, decoded, connection);

    const session = this.#session;
    if (session?.number !== frame.session || session.connection !== connection)
      return this.#refuse(frame, Reason.NO_SUCH_SESSION);
    const { crc } = frame;
    if (frame.sequence !== session.latest || crc !== session.crc) {
      if (frame.sequence <= session.latest) return this.#refuse(frame, Reason.SEQUENCE_REUSED);
      session.latest = frame.sequence;
      session.crc = crc;
      session.previous = frame.type === MessageType.PAY ? this.#device.latest : undefined;
      const reason = this.#execute(decoded);
      if (this.#session !== session) return undefined;
      session.reason = reason;
    } else this.#handlers.onRepeat();
    return session.reason === ACCEPTED ? this.#accept(frame, session) : this.#refuse(frame, session.reason);
  }

  /**
   * Returns the connection and header of the next LINK, or undefined if no session is open. Each call uses a sequence
   * number. If the caller then drops the LINK, the host can see the gap.
   */
  nextLink(): { connection: Owner; session: number; sequence: number } | undefined {
    const session = this.#session;
    if (!session) return undefined;
    session.linkSequence = (session.linkSequence % 255) + 1;
    return { connection: session.connection, session: session.number, sequence: session.linkSequence };
  }

  #hello(frame: Frame, decoded: Decoded, connection: Owner): Uint8Array {
    if (frame.session !== 0) return this.#refuse(frame, Reason.NO_SUCH_SESSION);
    if (frame.sequence !== 0) return this.#refuse(frame, Reason.SEQUENCE_REUSED);
    if (!decoded.ok) return this.#refuse(frame, decoded.reason);

    const { state, taps } = this.#device.look();
    this.#number = (this.#number % 0xffff) + 1;
    const fresh = { latest: 0, crc: -1, reason: ACCEPTED, previous: undefined, linkSequence: 0 };
    this.#session = { number: this.#number, connection, ...fresh };
    this.#handlers.onChange();
    return encodeMessage({
      type: 'HELLO_REPLY',
      session: this.#number,
      sequence: 0,
      result: 'SUCCESS',
      state,
      ...(taps && { taps }),
      nonce: (decoded.message as { nonce: number }).nonce,
      ...this.#identity,
      bootId: this.#bootId,
      simulated: true,
      ...(this.#lastCommand && { lastCommand: this.#lastCommand }),
    });
  }

  /** Executes a request with a new sequence. Returns the reason of its refusal, or ACCEPTED. */
  #execute(decoded: Decoded): number {
    if (!decoded.ok) return decoded.reason;
    const { message } = decoded;
    if (message.type === 'PAY') {
      if (!this.#device.show(message)) return Reason.NFC_FAULT;
    } else if (message.type === 'CANCEL') {
      if (!this.#device.cancel(message.orderId)) return Reason.ORDER_MISMATCH;
    } else return ACCEPTED;
    // The device has restarted instead, so it has executed nothing.
    if (!this.#session) return ACCEPTED;
    this.#lastCommand = { session: message.session, sequence: message.sequence };
    return ACCEPTED;
  }

  /** Makes a reply with SUCCESS and the current state, for the first request and for every repeat. */
  #accept({ type, session, sequence }: Frame, { previous }: DeviceSession<Owner>): Uint8Array {
    const { state, taps, remaining, live } = this.#device.look();
    const head = { session, sequence, result: 'SUCCESS', state } as const;
    if (type === MessageType.PAY) return encodeMessage({ type: 'PAY_REPLY', ...head, remaining, previous });
    const tapped = { ...head, ...(taps && { taps }) };
    if (type === MessageType.CANCEL) return encodeMessage({ type: 'CANCEL_REPLY', ...tapped });
    if (!live) return encodeMessage({ type: 'STATUS_REPLY', ...tapped });
    const { expiryTime: _, ...link } = live;
    return encodeMessage({ type: 'STATUS_REPLY', ...tapped, remaining, ...link });
  }

  /**
   * Makes a refusal with exactly result, reason and state. `refusal` encodes it without a `Message`, because the type
   * can be unknown.
   */
  #refuse(frame: Frame, reason: number): Uint8Array {
    return refusal(frame, reason, PAYMENT_LINK_STATES.indexOf(this.#device.look().state));
  }
}

/**
 * Returns the wire bytes of a refusal. `state` is the number of a payment link state. A reason that has no known result
 * is sent with UNKNOWN_EXCEPTION.
 */
export function refusal(frame: Frame, reason: number, state: number): Uint8Array {
  const values = { result: WIRE_RESULTS.indexOf(resultOf(reason)), reason, state };
  const hello = frame.version === VERSION && frame.type === MessageType.HELLO;
  return encodeFrame({
    type: frame.type | REPLY_BIT,
    session: hello ? 0 : frame.session,
    sequence: frame.sequence,
    payload: Uint8Array.from(REFUSAL.flatMap((name) => [tagOf(name), 1, values[name]])),
  });
}
