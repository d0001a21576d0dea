// What the device does with a request: docs/protocol.md sections 3 and 4.
import { isOfAnotherOrder, orderIdOf } from './cancel.js';
import * as checks from './checks.js';
import type { Connection } from './connection.js';
import type { Does } from './mistakes/index.js';
import type { Order } from './ndef.js';
import { type PaymentLink, STATE } from './payment-link.js';
import type { Identity, Outcome, Replies } from './replies.js';
import { type Session, type Sessions, sequenceOf } from './sessions.js';
import { type Field, type Frame, number, numberOf, textOf, writeFrame } from './wire.js';

const { EVENT, REPLY, TAG, TYPE } = checks;

/** What the requests need of their device. */
export interface RequestsOptions {
  readonly does: Does;
  readonly link: PaymentLink;
  readonly sessions: Sessions;
  readonly replies: Replies;
  /** Who the device is, for a HELLO. */
  readonly identity: () => Omit<Identity, 'lastCommand'>;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** Sends a LINK, which only a wrong device does for a request. */
  readonly sendLink: () => void;
}

/** A request, and what the checks know of it. */
export interface Request {
  readonly frame: Frame;
  readonly connection: Connection;
  readonly fields: readonly Field[];
  readonly rest: number;
  session?: Session | undefined;
}

/** What a check says: go on, no answer, a refusal, or the stored answer. */
type Finding = undefined | 'drop' | 'repeat' | { readonly reason: number };

/** Checks requests, and executes them. */
export class Requests {
  lastCommand: readonly [session: number, sequence: number] | undefined;
  /** The connection of the latest PAY. */
  payer: Connection | undefined;
  readonly #options: RequestsOptions;
  readonly #does: Does;
  readonly #link: PaymentLink;
  readonly #sessions: Sessions;
  readonly #replies: Replies;
  readonly #steps: readonly checks.Step[];
  #lastNonce: Uint8Array = number(0, 4);

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#does = options.does;
    this.#link = options.link;
    this.#sessions = options.sessions;
    this.#replies = options.replies;
    this.#steps = checks.stepsOf(options.does);
  }

  handle(request: Request): Uint8Array | undefined {
    const { frame } = request;
    this.#link.notice();
    for (const step of this.#steps) {
      const finding = this.#check(step, request);
      if (finding === undefined) continue;
      if (finding === 'drop') return undefined;
      if (finding === 'repeat') return this.#repeat(request);
      return this.#refuse(request, finding.reason);
    }
    if (frame.type === TYPE.hello) return this.#hello(request);
    return this.#execute(request);
  }

  #check(step: checks.Step, request: Request): Finding {
    const does = this.#does;
    const { frame, fields, rest } = request;
    const { version, type } = frame;
    switch (step) {
      case 'bit 80': {
        const answered =
          (type & REPLY && does('replies are answered')) ||
          (type > (REPLY | TYPE.status) && does('unknown types with bit 80 are answered')) ||
          (type & EVENT && !(type & REPLY) && does('events are answered'));
        return type & (REPLY | EVENT) && !answered ? 'drop' : undefined;
      }
      case 'version':
        if (version === 1 || (version === 2 && does('version 2 is accepted'))) return undefined;
        if (version === 0 && does('version 0 is accepted')) return undefined;
        if (does('another version is dropped')) return 'drop';
        return { reason: does('another version gets reason 8') ? 8 : 9 };
      case 'type':
        if ((type >= TYPE.hello && type <= TYPE.status) || does('an unknown type is a STATUS')) return undefined;
        if (type === 0 && does('type 00 is dropped')) return 'drop';
        return does('an unknown type is dropped') ? 'drop' : { reason: 8 };
      case 'session':
        return this.#checkSession(request);
      case 'sequence':
        return this.#checkSequence(request);
      case 'use':
        if (type !== TYPE.hello) this.#use(request);
        return undefined;
      case 'structure':
        if (!checks.isDamaged(type, fields, rest, does)) return undefined;
        if (type === TYPE.cancel && does('a damaged CANCEL ends the payment link')) this.#cancel([]);
        return does('a damaged payload is dropped') ? 'drop' : { reason: 3 };
      case 'critical':
        return checks.hasCriticalTag(type, fields, does) ? { reason: 7 } : undefined;
      case 'missing':
        if (!checks.misses(type, fields, does)) return undefined;
        return { reason: does('a missing field gets reason 3') ? 3 : 1 };
      case 'method':
        if (!checks.isUnknownMethod(type, fields, does)) return undefined;
        return { reason: does('an unknown payment method gets reason 3') ? 3 : 2 };
      case 'values':
        return checks.hasWrongValue(type, fields, does) ? { reason: 3 } : undefined;
      case 'order':
        if (type !== TYPE.cancel || !isOfAnotherOrder(fields, this.#link, does)) return undefined;
        if (does('CANCEL of another order is refused and ends it')) this.#cancel([]);
        return { reason: 5 };
      case 'nfc':
        return type === TYPE.pay && this.#link.broken && does('the NFC part is checked before the values')
          ? { reason: 6 }
          : undefined;
    }
  }

  #checkSession({ frame, connection }: Request): Finding {
    const does = this.#does;
    if (frame.type === TYPE.hello) {
      if (frame.session === 0 || does('a HELLO with a session is accepted')) return undefined;
      const isOpen = frame.session === this.#sessions.current?.number;
      if (isOpen && does('a HELLO with the open session is accepted')) return undefined;
      return { reason: 4 };
    }
    if (this.#sessions.of(frame, connection)) return undefined;
    return does('another session is dropped') ? 'drop' : { reason: 4 };
  }

  #checkSequence(request: Request): Finding {
    const does = this.#does;
    const { frame, connection } = request;
    if (frame.type === TYPE.hello) {
      return frame.sequence === 0 || does('a HELLO with a sequence is accepted') ? undefined : { reason: 10 };
    }
    // A device that looks at the sequence first uses that of the session that is open.
    const session = this.#sessions.of(frame, connection) ?? this.#sessions.current;
    if (!session) return undefined;
    const sequence = sequenceOf(frame, session, does, this.#options.now());
    if (sequence === 'new') return undefined;
    if (sequence === 'drop') return 'drop';
    if (sequence === 'refused') return { reason: 10 };
    if (frame.type === TYPE.status && does('a repeat of STATUS is refused')) return { reason: 10 };
    if (frame.type === TYPE.pay && does('a repeat of PAY is executed') && session.outcome?.reason === undefined) {
      return undefined;
    }
    return 'repeat';
  }

  #use(request: Request): void {
    const { frame, connection } = request;
    const session = this.#sessions.of(frame, connection) ?? this.#sessions.current;
    if (!session) return;
    if (frame.sequence !== session.latest || frame.crc !== session.crc) session.repeats = 0;
    request.session = session;
    session.latest = frame.sequence;
    session.crc = frame.crc;
    session.outcome = undefined;
    session.at = this.#options.now();
  }

  #hello({ fields, connection }: Request): Uint8Array {
    const does = this.#does;
    const session = this.#sessions.open(connection);
    const nonce = fields.find(({ tag }) => tag === TAG.nonce)?.value ?? number(0, 4);
    if (this.#link.live && does('HELLO ends the payment link')) this.#link.end(STATE.cancelled);
    if (this.#link.live && does('HELLO starts the lifetime again')) this.#link.startAgain();
    if (does('HELLO resets the taps')) this.#link.taps = 0;
    if (does('HELLO removes the last command')) this.lastCommand = undefined;
    const last = this.lastCommand;
    const lastCommand =
      last && does('the last command has the session of now') ? ([session.number, last[1]] as const) : last;
    const told = does('the nonce is that of the HELLO before') ? this.#lastNonce : nonce;
    this.#lastNonce = nonce;
    const reply = this.#replies.hello(told, { ...this.#options.identity(), lastCommand });
    const shown = does('the reply to HELLO has session 0') ? 0 : session.number;
    return this.#write(TYPE.hello | REPLY, shown, 0, reply);
  }

  #execute(request: Request): Uint8Array {
    const does = this.#does;
    const { frame, fields, connection } = request;
    const { type } = frame;
    const reason = type === TYPE.pay ? this.#pay(request) : type === TYPE.cancel ? this.#cancel(fields) : undefined;
    if (typeof reason === 'number') return this.#refuse(request, reason);
    const { state, remaining } = this.#link;
    const outcome: Outcome = { state, remaining, ...reason };
    if (request.session) request.session.outcome = outcome;
    const counts = type === TYPE.status ? does('STATUS changes the last command') : this.#isLastCommand(type, outcome);
    if (counts) this.lastCommand = [frame.session, frame.sequence];
    if (type === TYPE.pay) this.payer = connection;
    const sent =
      (type === TYPE.pay && does('PAY sends a LINK')) || (type === TYPE.cancel && does('CANCEL sends a LINK'));
    if (sent) this.#options.sendLink();
    return this.#write(type | REPLY, frame.session, frame.sequence, this.#replies.success(type, outcome, false));
  }

  #isLastCommand(type: number, outcome: Outcome): boolean {
    if (type === TYPE.pay) return true;
    if (this.#does('CANCEL does not change the last command')) return false;
    return !(this.#does('CANCEL of nothing does not change the last command') && outcome.previous?.[0] !== STATE.ready);
  }

  /** Returns the reason of a refusal, or what the PAY replaced. */
  #pay({ fields }: Request): number | Pick<Outcome, 'previous'> {
    const does = this.#does;
    const previous = this.#link.order && ([this.#link.state, this.#link.taps] as const);
    if (this.#link.live && does('PAY while a payment link is live is refused')) return 5;
    const read = (tag: number): string | undefined => {
      const field = fields.find((one) => one.tag === tag);
      return field && textOf(field.value);
    };
    const expiry = fields.find(({ tag }) => tag === TAG.expiryTime);
    const order: Order = {
      paymentMethod: read(TAG.paymentMethod) ?? 'TRUEMONEY',
      amount: read(TAG.amount),
      orderId: read(TAG.orderId),
    };
    const shown = this.#link.show(order, expiry && numberOf(expiry.value));
    if (!shown && !does('a PAY that fails is a success')) return 6;
    if (does('PAY resets the LINK number') && this.#sessions.current) this.#sessions.current.link = 0;
    return { previous };
  }

  #cancel(fields: readonly Field[]): Pick<Outcome, 'previous'> {
    const does = this.#does;
    const previous = [this.#link.state, this.#link.taps] as const;
    const keeps =
      does('CANCEL has no effect') ||
      (does('CANCEL of another order succeeds without an effect') &&
        (orderIdOf(fields) ?? this.#link.order?.orderId) !== this.#link.order?.orderId);
    if (this.#link.live && !keeps) this.#link.end(does('CANCEL makes the state idle') ? STATE.idle : STATE.cancelled);
    else if (!this.#link.live && does('CANCEL of nothing makes the state cancelled')) this.#link.end(STATE.cancelled);
    return { previous };
  }

  #repeat({ frame, connection }: Request): Uint8Array {
    const { type, session, sequence } = frame;
    if (type === TYPE.pay && this.#does('a repeat of PAY resets the taps')) this.#link.taps = 0;
    const outcome = this.#sessions.of(frame, connection)?.outcome ?? { state: 0, remaining: 0 };
    const fields =
      outcome.reason === undefined
        ? this.#replies.success(type, outcome, true)
        : this.#replies.refusal(type, outcome.reason);
    return this.#write(type | REPLY, session, sequence, fields);
  }

  #refuse(request: Request, reason: number): Uint8Array {
    const does = this.#does;
    const { frame } = request;
    const { current } = this.#sessions;
    const { state, remaining } = this.#link;
    if (frame.type === TYPE.hello && does('a refused HELLO ends the session')) this.#sessions.end();
    if (frame.type === TYPE.hello && does('a refused HELLO opens a session')) this.#sessions.open(request.connection);
    if (frame.type === TYPE.pay && request.session) this.#spoil(request);
    if (request.session) request.session.outcome = { reason, state, remaining };
    const unused =
      does('a refused request does not use its sequence') ||
      (frame.type === TYPE.cancel && does('a refused CANCEL does not use its sequence'));
    if (request.session && unused) request.session.latest -= 1;
    const failed = does('a failed PAY changes the last command') && reason === 6;
    const refused = does('a refused PAY changes the last command') && request.session && reason !== 6;
    if (frame.type === TYPE.pay && (failed || refused)) this.lastCommand = [frame.session, frame.sequence];
    const ofHello = frame.type === TYPE.hello && frame.version === 1 && !does('a refused HELLO keeps its session');
    const ofVersion = frame.version !== 1 && does('a refusal of version 2 has session 0');
    const session = ofHello || ofVersion ? 0 : frame.session;
    const shown = does('a refusal has the session that is open') ? (current?.number ?? 0) : session;
    const sequence = does('a refusal has the latest sequence') ? (current?.latest ?? 0) : frame.sequence;
    const type = does('the reply to an unknown type has another type') && reason === 8 ? TYPE.status : frame.type;
    const version = does('a reply has the version of its request') ? frame.version : 1;
    return this.#write(type | REPLY, shown, sequence, this.#replies.refusal(frame.type, reason), version);
  }

  /** What a wrong device does with a PAY that it refuses. */
  #spoil({ fields }: Request): void {
    const does = this.#does;
    const { live, order } = this.#link;
    if (!live || !order) return;
    if (does('a refused PAY ends the payment link')) this.#link.end(STATE.cancelled);
    const orderId = orderIdOf(fields) ?? order.orderId;
    const amount = fields.find(({ tag }) => tag === TAG.amount)?.value;
    if (does('a refused PAY changes the order of the payment link')) {
      this.#link.order = { ...order, orderId, amount: amount ? textOf(amount) : order.amount };
    }
  }

  #write(type: number, session: number, sequence: number, fields: readonly Field[], version = 1): Uint8Array {
    return writeFrame({ version, type, session, sequence }, fields, this.#does);
  }
}
