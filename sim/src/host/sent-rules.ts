import { FrameReader } from '../wire/frame-reader.js';
import { type Id, messageOf, type Request, type WireMessage } from '../wire/wire-message.js';
import type { HostViewHandlers, ViewedSession } from './viewed.js';

const COPIES = 3;
const WAIT_MS = 1000;
/** After the last copy, with the time that a program needs that was blocked. */
const GONE_MS = 1300;

/** The request whose reply a client waits for. */
interface Outstanding extends Id {
  readonly type: Request;
  readonly nonce: number | undefined;
  readonly orderId: string | undefined;
  readonly bytes: Uint8Array;
  /** How many copies were sent since the last reply, and when the last one was. */
  copies: number;
  at: number;
  /** True if the client may have given up waiting. */
  givenUp: boolean;
  /** True if the client asks without a call. */
  readonly own: boolean;
}

/** Checks what a client sends, as the host's rules of docs/protocol.md section 4 say. */
export class SentRules {
  readonly #handlers: HostViewHandlers;
  readonly #session: () => ViewedSession | undefined;
  readonly #reader = new FrameReader();
  readonly #nonces = new Set<number>();
  /** The commands of which a copy was written, by session and sequence. */
  readonly #left = new Set<string>();
  /** The commands whose result was told, by boot id, session and sequence. */
  readonly #told = new Set<string>();
  #outstanding: Outstanding | undefined;
  /** The latest request, answered or not. */
  #latest: Outstanding | undefined;
  /** A command that was sent and not answered. Until HELLO is answered, nothing but its copies may be sent. */
  #doubt: Outstanding | undefined;
  #highest = 0;
  /** Another host has taken the session. Without a call, the client must not take it back. */
  #taken = false;
  /** HELLO was sent in this instant after that. */
  #takesBack = false;
  /** The client may rest without a session, because another host has the device. */
  mayRest = false;
  /** The device has said that a sequence was used before. The next request must be HELLO. */
  #sequenceUsed = false;
  /** The orders whose PAY was refused for good. */
  readonly #refused = new Set<string | undefined>();

  constructor(handlers: HostViewHandlers, session: () => ViewedSession | undefined) {
    this.#handlers = handlers;
    this.#session = session;
  }

  /** The line is another one: nothing is outstanding. */
  forget(): void {
    this.#taken = false;
    this.#sequenceUsed = false;
    this.mayRest = false;
    this.#outstanding = undefined;
  }

  /** True if the client waits for the reply to such a request. */
  asks(type: Request): boolean {
    return this.#outstanding?.type === type;
  }

  /** False if the client may have given up waiting. */
  get waits(): boolean {
    return this.#outstanding?.givenUp === false;
  }

  /** True if a command waits for its reply, and there are copies left. */
  get mustRepeat(): boolean {
    const asked = this.#outstanding;
    return (asked?.type === 'PAY' || asked?.type === 'CANCEL') && !asked.givenUp && asked.copies < COPIES;
  }

  /** True if a copy of this command was written. */
  left({ session, sequence }: Id): boolean {
    return this.#left.has(`${session}.${sequence}`);
  }

  answersHello(nonce: number | undefined): boolean {
    return this.asks('HELLO') && this.#outstanding?.nonce === nonce;
  }

  answers({ type, session, sequence }: WireMessage): boolean {
    const asked = this.#outstanding;
    return asked?.session === session && asked.sequence === sequence && type === `${asked.type}_REPLY`;
  }

  /** The reply came. Returns false if the client may not wait for it any more. */
  answered({ reason }: WireMessage): boolean {
    const { type, copies, givenUp, orderId } = this.#outstanding!;
    // A refusal of one copy says nothing about the other copies.
    const ofOneCopy = (reason === 4 || reason === 10) && copies > 1 && type !== 'STATUS';
    if (reason === 4 && !ofOneCopy) this.#taken = true;
    if (reason === 4 || reason === 10) this.mayRest = true;
    else if (!givenUp) this.mayRest = false;
    if (!givenUp) {
      this.#sequenceUsed = reason === 10;
      // Only a copy that came in a session that is not current may be sent again in another one.
      if (type === 'PAY' && reason !== undefined && reason !== 4 && !ofOneCopy) this.#refused.add(orderId);
    }
    if (type === 'HELLO') this.#highest = 0;
    if (type === 'HELLO' || (!givenUp && !ofOneCopy)) this.#doubt = undefined;
    this.#outstanding = undefined;
    return !givenUp;
  }

  /** A call ended without an answer. A command is waited for as long as its call. */
  gaveUp(id: (Id & { readonly bootId: number }) | undefined): void {
    if (id) this.#told.add(`${id.bootId}.${id.session}.${id.sequence}`);
    const asked = this.#outstanding;
    if (!asked) return;
    const isCommand = asked.type === 'PAY' || asked.type === 'CANCEL';
    if (!isCommand || (asked.session === id?.session && asked.sequence === id.sequence)) asked.givenUp = true;
  }

  /** Called after each instant: a device that does not answer the client's own question counts as gone. */
  step(): void {
    // A call that asked for HELLO does not end in the same instant, unless the program has stood still for too long.
    const stoodStill = this.#handlers.now() < this.#handlers.wentOnAt() + GONE_MS;
    if (this.#takesBack && this.#handlers.idle() && !stoodStill)
      this.#handlers.violation('the session is taken back without a call');
    this.#takesBack = false;
    const asked = this.#outstanding;
    if (!asked?.own || asked.type !== 'STATUS' || asked.copies < COPIES) return;
    if (this.#handlers.now() > Math.max(asked.at, this.#handlers.wentOnAt()) + GONE_MS)
      this.#handlers.violation('the device does not answer STATUS, and counts as connected');
  }

  wrote(bytes: Uint8Array, moreWaits: boolean): void {
    const frame = this.#reader.single(bytes);
    const message = frame && messageOf(frame);
    if (!message) {
      this.#handlers.violation('a client writes what is no frame');
      return;
    }
    const { type, session, sequence, nonce, orderId } = message;
    if ((type === 'PAY' || type === 'CANCEL') && this.#told.has(`${this.#session()?.bootId}.${session}.${sequence}`))
      this.#handlers.violation(`${type} leaves after its result was told`);
    const now = this.#handlers.now();
    const before = this.#outstanding;
    if (
      before &&
      type !== 'HELLO' &&
      before.type === type &&
      before.sequence === sequence &&
      before.session === session
    ) {
      this.#copy(before, bytes, moreWaits);
      return;
    }
    const asked: Outstanding = {
      type: type as Request,
      session,
      sequence,
      nonce,
      orderId,
      bytes: bytes.slice(),
      copies: 1,
      at: now,
      givenUp: false,
      own: this.#handlers.idle(),
    };
    const current = this.#session();
    if (type === 'STATUS' && current) current.gap = false;
    if (type !== 'HELLO') this.#taken = false;
    if (type === 'HELLO') this.#hello(message);
    // A STATUS that is asked again and again keeps its sequence.
    else if (type !== 'STATUS' || this.#latest?.sequence !== sequence || this.#latest.type !== type)
      this.#request(message);
    if (
      type === 'STATUS' &&
      asked.own &&
      this.#latest?.own &&
      this.#latest.type === 'STATUS' &&
      this.#latest.session === session &&
      this.#latest.sequence + 1 === sequence
    )
      this.#handlers.violation('a question that the client repeats has another sequence');
    this.#latest = asked;
    this.#outstanding = asked;
    if (type !== 'PAY' && type !== 'CANCEL') return;
    this.#doubt = asked;
    this.#left.add(`${session}.${sequence}`);
  }

  #copy(before: Outstanding, bytes: Uint8Array, moreWaits: boolean): void {
    const now = this.#handlers.now();
    const { type } = before;
    if (!bytes.every((byte, at) => before.bytes[at] === byte) || bytes.length !== before.bytes.length)
      this.#handlers.violation(`a copy of ${type} has other bytes`);
    if (++before.copies > COPIES && type !== 'STATUS')
      this.#handlers.violation(`${type} was sent more than three times`);
    if (now - before.at < WAIT_MS) this.#handlers.violation(`${type} was repeated after ${now - before.at} ms`);
    if (moreWaits) this.#handlers.violation(`${type} was repeated, though bytes wait to be read`);
    before.at = now;
  }

  #hello({ session, sequence, nonce }: WireMessage): void {
    if (session !== 0 || sequence !== 0) this.#handlers.violation('HELLO has a session or a sequence');
    // A doubt is a reason to ask.
    this.#takesBack = this.#taken && !this.#doubt;
    this.#taken = false;
    this.#sequenceUsed = false;
    if (this.#nonces.has(nonce!)) this.#handlers.violation('HELLO has the nonce of an earlier one');
    this.#nonces.add(nonce!);
  }

  #request({ type, session, sequence, orderId }: WireMessage): void {
    const current = this.#session();
    if (this.#sequenceUsed) this.#handlers.violation(`${type} follows reason 10 in the same session`);
    if (type === 'PAY' && this.#refused.has(orderId))
      this.#handlers.violation(`PAY of ${orderId} is sent again, though it was refused`);
    if (current?.session !== session) this.#handlers.violation(`${type} is sent in a session that is not the client's`);
    if (sequence <= this.#highest) this.#handlers.violation(`${type} has sequence ${sequence} after ${this.#highest}`);
    this.#highest = sequence;
    if (sequence === 255) this.#handlers.hit('sequence 255');
    const { wanted } = this.#handlers;
    if (wanted !== undefined && current?.serialNumber !== wanted)
      this.#handlers.violation(`${type} goes to ${current?.serialNumber}, and ${wanted} is wanted`);
    if (type !== 'STATUS' && !this.#handlers.stored({ session, sequence }))
      this.#handlers.violation(`${type} leaves before its attempt is stored`);
    if (this.#doubt) this.#handlers.violation(`${type} is sent while ${this.#doubt.type} is in doubt`);
    if (!current) return;
    if (type !== 'PAY') return;
    current.over = false;
    current.taps = 0;
    current.tapsPerhaps = 0;
  }
}
