import type { Id, Request, State, WireMessage } from '../wire/wire-message.js';
import { PaymentLinkTruth } from './payment-link-truth.js';

/** A PAY or a CANCEL that the device executed. */
export interface Execution extends Id {
  readonly at: number;
  readonly serialNumber: string;
  readonly bootId: number;
  readonly type: 'PAY' | 'CANCEL';
  /** Only for a PAY. Each PAY has a different order id, so the order id names the command without its numbers. */
  readonly orderId: string | undefined;
}

/** What was true at the device when it sent a message. */
export interface SentMessage {
  readonly message: WireMessage;
  readonly at: number;
  readonly bootId: number;
  readonly state: State;
  /** True while a payment link is live, and its order. */
  readonly live: boolean;
  readonly liveOrder: string | undefined;
}

interface Session {
  readonly number: number;
  /** The connection that owns it. */
  readonly owner: unknown;
  latest: number;
  crc: number;
  reason: number | undefined;
  previous: WireMessage['previous'];
  linkSequence: number;
}

type Expected = Partial<WireMessage>;

/** What the truth needs from the judge. */
export interface TruthHandlers {
  violation(what: string): void;
  hit(what: string): void;
  executed(execution: Execution): void;
  /** A PAY has shown its payment link. */
  shown(orderId: string | undefined): void;
}

/**
 * What one device really did and shows: section 4 of docs/protocol.md, written from that page alone. It gets the
 * requests that reach the emulated device and what happens to it, and knows what each message of the device must say.
 */
export class DeviceTruth {
  readonly serialNumber: string;
  readonly link = new PaymentLinkTruth();
  readonly #handlers: TruthHandlers;
  /** By the CRC, which covers the whole message. */
  readonly #sent = new Map<number, SentMessage>();
  readonly #boots = new Set<number>();
  /** How often the device has started again. */
  starts = 0;
  /** -1 until the first answer after a start. */
  #bootId = -1;
  /** The number of the latest session; undefined until the first session after a start, whose number is random. */
  #number: number | undefined;
  #session: Session | undefined;
  #lastCommand: Id | undefined;
  /** The messages that the device has to send now: first the LINKs, then the reply. */
  #due: Expected[] = [];

  constructor(serialNumber: string, handlers: TruthHandlers) {
    this.serialNumber = serialNumber;
    this.#handlers = handlers;
  }

  /** -1 if the device has not said it since its start. */
  get bootId(): number {
    return this.#bootId;
  }

  get lastCommand(): Id | undefined {
    return this.#lastCommand;
  }

  /** The device lost its power. */
  started(): void {
    this.starts++;
    if (this.#bootId >= 0) this.#boots.add(this.#bootId);
    this.#bootId = -1;
    this.#number = undefined;
    this.#session = undefined;
    this.#lastCommand = undefined;
    this.#due = [];
    this.link.blank();
  }

  /** The device begins in the middle of a start. */
  restored(bootId: number, sessionNumber: number): void {
    this.#bootId = bootId;
    this.#number = sessionNumber;
  }

  /** A connection ended. */
  ended(owner: unknown): void {
    if (this.#session?.owner === owner) this.#session = undefined;
  }

  /** A phone reads the tag. */
  tapped(now: number, congested: (owner: unknown) => boolean): void {
    this.look(now, congested);
    if (!this.link.live) return;
    this.link.tap();
    this.#linkDue(congested);
  }

  /** The NFC part breaks or is repaired. */
  faulted(fault: PaymentLinkTruth['fault'], now: number, congested: (owner: unknown) => boolean): void {
    // A payment link whose time is over has ended before the fault came.
    this.look(now, congested);
    this.link.fault = fault;
    if (fault !== true) return;
    if (!this.link.live) return;
    this.link.state = 'idle';
    this.#handlers.hit('link idle (fault)');
    this.#linkDue(congested);
  }

  /** Lets the payment link expire if its time is over. */
  look(now: number, congested: (owner: unknown) => boolean): void {
    if (!this.link.expires(now)) return;
    this.#handlers.hit('link expired (expiry)');
    if (!this.#isStuck(true)) this.#linkDue(congested);
  }

  /** The device gets bytes that are no frame, and must not answer. */
  drops(damage: string): void {
    this.#handlers.hit(`device dropped a frame: ${damage}`);
  }

  /** A request reaches the device. Its answer is due now. */
  request(
    message: WireMessage,
    crc: number,
    owner: unknown,
    now: number,
    congested: (owner: unknown) => boolean,
  ): void {
    const { starts } = this;
    this.look(now, congested);
    if (this.starts > starts) return;
    const answer = this.#answer(message, crc, owner, now);
    // A device that restarts instead must not answer.
    if (this.starts === starts) this.#due.push(answer);
  }

  /** The device sends a message. It must be the message that is due. */
  sends(message: WireMessage | undefined, crc: number, now: number): void {
    const expected = this.#due.shift();
    if (!message || !expected) {
      this.#handlers.violation(`the device sends ${message?.type ?? 'what nobody can read'}, which is not due`);
      return;
    }
    const { bootId } = message;
    if (message.type === 'HELLO_REPLY' && bootId !== undefined) this.#learn(bootId, message.session);
    for (const key in expected) {
      const name = key as keyof WireMessage;
      if (!equal(expected[name], message[name])) {
        const [is, must] = [message[name], expected[name]].map((value) => JSON.stringify(value));
        this.#handlers.violation(`the device sends ${message.type} with ${name} ${is}, and it must be ${must}`);
      }
    }
    const { state, live } = this.link;
    const sent = { message, at: now, bootId: this.#bootId, state, live: live !== undefined, liveOrder: live?.orderId };
    this.#sent.set(crc, sent);
  }

  /** Called after each instant: what was due must have been sent. */
  settled(now: number, congested: (owner: unknown) => boolean): void {
    // At the very end of its time, its timer may still have to fire in this millisecond.
    if (this.link.live && now > this.link.live.until) this.look(now, congested);
    if (this.#due.length === 0) return;
    for (const { type } of this.#due) this.#handlers.violation(`the device did not send ${type}`);
    this.#due = [];
  }

  /** The message with this CRC as the device sent it last. */
  sentAs(crc: number): SentMessage | undefined {
    return this.#sent.get(crc);
  }

  #learn(bootId: number, session: number): void {
    if (this.#bootId < 0) {
      if (this.#boots.has(bootId)) this.#handlers.violation(`the device has boot id ${bootId} again`);
      this.#bootId = bootId;
    } else if (bootId !== this.#bootId) this.#handlers.violation('the device changes its boot id without a start');
    if (this.#number === undefined && this.#session) {
      this.#number = session;
      this.#session = { ...this.#session, number: session };
      if (session === 0) this.#handlers.violation('the device opens session 0');
    }
  }

  /** The rules 4 to 12 of section 3 for a request whose payload is right, and the delivery of section 4. */
  #answer(message: WireMessage, crc: number, owner: unknown, now: number): Expected {
    const { type, session: number, sequence } = message;
    if (type === 'HELLO') {
      if (number !== 0) return this.#refusal(message, 4);
      if (sequence !== 0) return this.#refusal(message, 10);
      return this.#opened(message, owner);
    }
    const session = this.#session;
    if (session?.number !== number || session.owner !== owner) return this.#refusal(message, 4);
    if (sequence !== session.latest || crc !== session.crc) {
      if (sequence <= session.latest) return this.#refusal(message, 10);
      session.latest = sequence;
      session.crc = crc;
      const { state, taps, link } = this.link;
      session.previous = type === 'PAY' && link ? { state, taps } : undefined;
      session.reason = this.#execute(message, now);
    } else this.#handlers.hit('repeat answered');
    return session.reason === undefined ? this.#success(message, session, now) : this.#refusal(message, session.reason);
  }

  #opened({ nonce }: WireMessage, owner: unknown): Expected {
    if (this.#number !== undefined) this.#number = this.#number === 0xffff ? 1 : this.#number + 1;
    const number = this.#number ?? -1;
    this.#session = { number, owner, latest: 0, crc: -1, reason: undefined, previous: undefined, linkSequence: 0 };
    const { serialNumber, link } = this;
    const expected: { -readonly [Name in keyof Expected]: Expected[Name] } = {
      type: 'HELLO_REPLY',
      sequence: 0,
      result: 'SUCCESS',
      state: link.state,
      taps: link.taps,
      nonce,
      serialNumber,
      simulated: true,
      lastCommand: this.#lastCommand,
    };
    // The number of the first session after a start is random.
    if (number >= 0) expected.session = number;
    return expected;
  }

  /** Returns the reason of the refusal; undefined if the request was executed. */
  #execute(message: WireMessage, now: number): number | undefined {
    const { type, session, sequence } = message;
    const orderId = type === 'PAY' ? message.orderId : undefined;
    if (type === 'STATUS') return undefined;
    if (type === 'PAY') {
      const wasLive = this.link.live !== undefined;
      if (!this.link.show(message, now)) {
        this.#isStuck(wasLive);
        return 6;
      }
      this.#handlers.hit('link ready (pay)');
      this.#handlers.shown(orderId);
    } else {
      const { live } = this.link;
      if (!this.link.cancel(message.orderId)) return 5;
      if (this.#isStuck(live !== undefined)) return undefined;
      if (live) this.#handlers.hit('link cancelled (cancel)');
    }
    this.#lastCommand = { session, sequence };
    const { serialNumber } = this;
    const command = { serialNumber, bootId: this.#bootId, session, sequence } as const;
    this.#handlers.executed({ at: now, ...command, type: type as 'PAY' | 'CANCEL', orderId });
    return undefined;
  }

  /** A payment link that has ended on a tag that cannot be made blank: the device starts again. */
  #isStuck(wasLive: boolean): boolean {
    if (!wasLive || this.link.live || this.link.fault !== 'stuck') return false;
    this.#handlers.hit('restart for a blank tag');
    this.started();
    return true;
  }

  #success({ type, session, sequence }: WireMessage, { previous }: Session, now: number): Expected {
    const { state, taps, live } = this.link;
    const result = 'SUCCESS';
    const remaining = this.link.remaining(now);
    // Written out, because a spread costs more than the rest of the answer.
    if (type === 'PAY') return { type: 'PAY_REPLY', session, sequence, result, state, remaining, previous };
    if (type === 'CANCEL') return { type: 'CANCEL_REPLY', session, sequence, result, state, taps };
    if (!live) return { type: 'STATUS_REPLY', session, sequence, result, state, taps };
    const { paymentMethod, amount, orderId } = live;
    return {
      type: 'STATUS_REPLY',
      session,
      sequence,
      result,
      state,
      taps,
      remaining,
      paymentMethod,
      amount,
      orderId,
    };
  }

  #refusal({ type, session, sequence }: WireMessage, reason: number): Expected {
    this.#handlers.hit(`refused, reason ${reason}`);
    return {
      type: `${type as Request}_REPLY`,
      session: type === 'HELLO' ? 0 : session,
      sequence,
      result: 'PROCESS_FAIL',
      reason,
      state: this.link.state,
    };
  }

  /** A change that no request caused. */
  #linkDue(congested: (owner: unknown) => boolean): void {
    const session = this.#session;
    if (!session) return;
    session.linkSequence = (session.linkSequence % 255) + 1;
    if (congested(session.owner)) return;
    const { state, taps, link } = this.link;
    const { number, linkSequence } = session;
    this.#due.push({ type: 'LINK', session: number, sequence: linkSequence, state, taps, orderId: link?.orderId });
  }
}

/** The parts of the fields that are objects: a payment link before this one, or a command. */
type Parts = Partial<Id & NonNullable<WireMessage['previous']>>;

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  const [one, other] = [a, b] as Parts[];
  return (
    one!.state === other!.state &&
    one!.taps === other!.taps &&
    one!.session === other!.session &&
    one!.sequence === other!.sequence
  );
}
