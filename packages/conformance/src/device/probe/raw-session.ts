import { type Frame, type HelloAccepted, type Message, MessageType, type PaymentLinkState } from '@bluetap/protocol';
import { describeReason, PAYMENT_LINK_STATES, REPLY_BIT, resultOf, WIRE_RESULTS } from '@bluetap/protocol/tools';
import { describe, readRefusal } from './describe.js';
import { fieldsOf, payPayload, type RawPay, request, type Sent } from './frames.js';
import { Mismatch, NoAnswer } from './outcomes.js';
import type { RawLine } from './raw-line.js';
import type { Received } from './reply-splitter.js';

/** Parts of a header that a case sets by itself. What is absent is right: the session, and the next sequence. */
export interface HeaderParts {
  readonly version?: number | undefined;
  readonly session?: number | undefined;
  readonly sequence?: number | undefined;
}

/** What an accepted reply must say. What is absent is not compared; null means that the field must be absent. */
export type Wanted = Readonly<Record<string, string | number | boolean | null>>;

/** A reply with SUCCESS, with the fields that any of them can have. */
export type Accepted = Extract<Message, { readonly result: 'SUCCESS' }>;

/** The PAY of a case that says nothing else. It lives 30 s. */
export const SAMPLE = { paymentMethod: 'TRUEMONEY', amount: '12.50', orderId: 'ORDER-1', expiryTime: 30 } as const;

/** The functions that a session calls. */
export interface RawSessionParts {
  /** A request was made, and is about to leave. */
  onRequest(type: number): void;
  /** A reply came. */
  onReply(received: Received): void;
}

/** An open session, and the requests that it can send: right ones, and any others. */
export class RawSession {
  readonly line: RawLine;
  /** The reply to its HELLO. */
  readonly hello: HelloAccepted;
  /** The frame of that reply. */
  readonly helloFrame: Frame;
  readonly #parts: RawSessionParts;
  #sequence = 0;

  constructor(line: RawLine, hello: HelloAccepted, helloFrame: Frame, parts: RawSessionParts) {
    this.line = line;
    this.hello = hello;
    this.helloFrame = helloFrame;
    this.#parts = parts;
  }

  /** The number of the session. */
  get number(): number {
    return this.hello.session;
  }

  /** Makes a PAY. A field of undefined is left out; what is not given is that of `SAMPLE`. */
  pay(fields: RawPay = {}, header: HeaderParts = {}): Sent {
    return this.request(MessageType.PAY, payPayload({ ...SAMPLE, ...fields }), header);
  }

  /** Makes a CANCEL. */
  cancel(orderId?: string, header: HeaderParts = {}): Sent {
    return this.request(MessageType.CANCEL, payPayload({ orderId }), header);
  }

  /** Makes a STATUS. */
  status(header: HeaderParts = {}): Sent {
    return this.request(MessageType.STATUS, fieldsOf(), header);
  }

  /** Makes any request. Without a sequence it has the next one. */
  request(type: number, payload: Uint8Array, header: HeaderParts = {}): Sent {
    const sequence = header.sequence ?? this.#sequence + 1;
    if (header.sequence === undefined) this.#sequence = sequence;
    this.#parts.onRequest(type);
    return request({ version: header.version, type, session: header.session ?? this.number, sequence, payload });
  }

  /** The next request gets the sequence after this one. */
  continueAfter(sequence: number): void {
    this.#sequence = sequence;
  }

  /** Sends a request and returns the next frame that is no LINK. @throws Mismatch if there is none. DeviceGone */
  ask(sent: Sent): Promise<Received> {
    return exchangeOn(this.line, sent, this.#parts);
  }

  /** Sends a request that must succeed. @throws Mismatch if another reply came. DeviceGone */
  async accepted(sent: Sent, wanted: Wanted = {}): Promise<Accepted> {
    return checkAccepted(sent, await this.ask(sent), wanted);
  }

  /** Sends a request that must be refused. @throws Mismatch if another reply came. DeviceGone */
  async refused(sent: Sent, reason: number, state?: PaymentLinkState): Promise<Received> {
    const received = await this.ask(sent);
    checkRefused(sent, received, reason, state);
    return received;
  }

  /**
   * Sends bytes that must get no answer, and a STATUS behind them. The only answer is that of the STATUS.
   * @throws Mismatch if there was another one. DeviceGone
   */
  async ignored(wire: Uint8Array, what: string): Promise<Accepted> {
    await this.line.send(wire);
    const status = this.status();
    const received = await this.ask(status);
    if (received.frame.type !== (status.type | REPLY_BIT) || received.frame.sequence !== status.sequence) {
      throw new Mismatch(`${what} was answered with ${describe(received)}`, `no answer to ${what}`);
    }
    return checkAccepted(status, received, {});
  }
}

/** Sends a request on a line and returns the next frame that is no LINK. @throws Mismatch if there is none. DeviceGone */
export async function exchangeOn(line: RawLine, sent: Sent, parts: RawSessionParts): Promise<Received> {
  const [stray] = line.takeReplies();
  if (stray) throw new Mismatch(`an answer came that nothing asked for: ${describe(stray)}`, 'one answer a request');
  await line.send(sent.wire);
  return answerOn(line, sent, parts);
}

async function answerOn(line: RawLine, sent: Sent, parts: RawSessionParts): Promise<Received> {
  const received = await line.next();
  if (!received) {
    const more = line.noise > 0 ? `; pieces that are no frame came: ${line.noise}` : '';
    throw new NoAnswer(`${sent.what} was not answered${more}`, `an answer to ${sent.what}`);
  }
  parts.onReply(received);
  return received;
}

/** @throws Mismatch if the reply is not the accepted one of this request. */
export function checkAccepted(sent: Sent, received: Received, wanted: Wanted): Accepted {
  const expected = `${sent.what} is accepted${listOf(wanted)}`;
  const came = `${sent.what} was answered with ${describe(received)}`;
  const { decoded } = received;
  const isHello = sent.type === MessageType.HELLO;
  checkHeader(sent, received, isHello ? received.frame.session : sent.session);
  if (!decoded.ok || !('result' in decoded.message) || decoded.message.result !== 'SUCCESS') {
    throw new Mismatch(came, expected);
  }
  const fields = decoded.message as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(wanted)) {
    // Absent taps are taps of 0.
    const found = fields[name] ?? (name === 'taps' ? 0 : null);
    if (found !== value) throw new Mismatch(came, expected);
  }
  return decoded.message;
}

/** @throws Mismatch if the reply is not this refusal of this request, with exactly result, reason and state. */
export function checkRefused(sent: Sent, received: Received, reason: number, state?: PaymentLinkState): void {
  const expected = `${sent.what} is refused with ${resultOf(reason)}, reason ${reason} (${describeReason(reason)})${state ? `, state ${state}` : ''}`;
  const came = `${sent.what} was answered with ${describe(received)}`;
  const ofHello = sent.type === MessageType.HELLO && sent.version === 1;
  checkHeader(sent, received, ofHello ? 0 : sent.session);
  const found = readRefusal(received.frame.payload);
  const wrong =
    !found ||
    found.reason !== reason ||
    WIRE_RESULTS[found.result] !== resultOf(reason) ||
    !PAYMENT_LINK_STATES[found.state] ||
    (state !== undefined && PAYMENT_LINK_STATES[found.state] !== state);
  if (wrong) throw new Mismatch(came, expected);
}

function checkHeader(sent: Sent, received: Received, session: number): void {
  const { version, type, session: foundSession, sequence } = received.frame;
  const right =
    version === 1 && type === (sent.type | REPLY_BIT) && foundSession === session && sequence === sent.sequence;
  if (right) return;
  throw new Mismatch(
    `${sent.what} was answered with version ${version}, ${describe(received)}`,
    `a reply of version 1 with the type of ${sent.what} and bit 80, session ${session}, sequence ${sent.sequence}`,
  );
}

function listOf(wanted: Wanted): string {
  return Object.entries(wanted)
    .map(([name, value]) => (value === null ? `, without ${name}` : `, ${name} ${value}`))
    .join('');
}
