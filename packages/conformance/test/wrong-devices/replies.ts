// The fields of the replies and of LINK: docs/protocol.md section 3.
import { TAG, TYPE } from './checks.js';
import type { Does } from './mistakes/index.js';
import { type PaymentLink, STATE } from './payment-link.js';
import { bytesOf, type Field, number } from './wire.js';

/** What a request came to. It is stored, so that a repeat gets the same. */
export interface Outcome {
  /** Absent for SUCCESS. */
  readonly reason?: number | undefined;
  /** The state and the taps before a PAY. Absent if nothing was shown since the start. */
  readonly previous?: readonly [state: number, taps: number] | undefined;
  /** The state of the first answer, which only a wrong device uses. */
  readonly state: number;
  /** The remaining of the first answer, which only a wrong device uses. */
  readonly remaining: number;
}

/** Who the device is, for the reply to HELLO. */
export interface Identity {
  readonly serialNumber: string;
  readonly bootId: number;
  readonly flags: number;
  readonly tapSource: number;
  readonly lastCommand?: readonly [session: number, sequence: number] | undefined;
}

/** What a device may do or leave. */
export interface Freedoms {
  /** True if taps of 0 and flags of 0 are written. */
  readonly writesDefaults?: boolean | undefined;
  /** False if the device does not tell what a PAY replaced. */
  readonly tellsPrevious?: boolean | undefined;
  /** False if the device does not tell what it counts as a tap. */
  readonly tellsTapSource?: boolean | undefined;
  /** True if each SUCCESS and LINK has a field that today's hosts do not know. */
  readonly hasNewField?: boolean | undefined;
  /** The labels, 1 to 16 characters. */
  readonly model?: string | undefined;
  readonly firmware?: string | undefined;
}

const NEW_TAG = 0x2f;
const RESULTS: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 1, 7: 1, 11: 3 };
const byte = (tag: number, value: number): Field => ({ tag, value: number(value, 1) });
const text = (tag: number, value: string | undefined): Field[] =>
  value === undefined ? [] : [{ tag, value: bytesOf(value) }];

/** Writes the fields of messages. */
export class Replies {
  readonly #does: Does;
  readonly #link: PaymentLink;
  readonly #freedoms: Freedoms;

  constructor(does: Does, link: PaymentLink, freedoms: Freedoms) {
    this.#does = does;
    this.#link = link;
    this.#freedoms = freedoms;
  }

  /** The fields of a refusal. */
  refusal(type: number, reason: number): readonly Field[] {
    const does = this.#does;
    const fields = [byte(TAG.result, this.#resultOf(reason))];
    if (!does('a refusal has no reason')) fields.push(byte(TAG.reason, reason));
    if (!does('a refusal has no state')) fields.push(byte(TAG.state, this.#refusedState(type, reason)));
    if (type === TYPE.pay && does('a refused PAY has remaining')) fields.push(this.#remaining());
    return this.#finish(fields);
  }

  /** The fields of a SUCCESS of PAY, CANCEL or STATUS. */
  success(type: number, outcome: Outcome, repeat: boolean): readonly Field[] {
    const does = this.#does;
    const old = repeat && does('a repeat has the state of the first answer');
    const fields = [...this.#result(), byte(TAG.state, old ? outcome.state : this.#link.state)];
    if (type === TYPE.pay) {
      const first = repeat && does('remaining of a repeat is that of the first answer');
      if (!does('a PAY reply has no remaining')) fields.push(this.#remaining(first ? outcome.remaining : undefined));
      fields.push(...this.#previous(outcome, repeat));
    }
    if (type === TYPE.cancel && !does('the CANCEL reply has no taps')) fields.push(...this.#taps());
    if (type === TYPE.status) fields.push(...this.#status());
    return this.#finish(fields);
  }

  /** The fields of the reply to an accepted HELLO. */
  hello(nonce: Uint8Array, { serialNumber, bootId, flags, tapSource, lastCommand }: Identity): readonly Field[] {
    const does = this.#does;
    const { model = 'Wrong device', firmware = '1.0.0' } = this.#freedoms;
    const state = does('HELLO always says idle') ? STATE.idle : this.#link.state;
    const taps = does('the HELLO reply has no taps') ? [] : this.#taps();
    const fields = [...this.#result(), byte(TAG.state, state), ...taps];
    fields.push({ tag: TAG.nonce, value: does('the nonce is written backwards') ? nonce.toReversed() : nonce });
    fields.push(
      ...text(
        TAG.model,
        does('the model has 17 characters') ? 'A model too long.' : does('the model is empty') ? '' : model,
      ),
    );
    const version = does('the firmware has a line feed') ? `${firmware}\n` : firmware;
    if (!does('the HELLO reply has no firmware')) fields.push(...text(TAG.firmware, version));
    fields.push(
      ...text(
        TAG.serialNumber,
        does('the serial number has 33 characters') ? serialNumber.padEnd(33, '.') : serialNumber,
      ),
    );
    if (!does('the HELLO reply has no boot id')) fields.push({ tag: TAG.bootId, value: number(bootId, 4) });
    if (flags > 0 || this.#freedoms.writesDefaults) fields.push(byte(TAG.flags, flags));
    if (lastCommand) {
      const [session, sequence] = lastCommand;
      const first = number(session, 2);
      const value = does('the last command has its sequence first') ? [sequence, ...first] : [...first, sequence];
      fields.push({ tag: TAG.lastCommand, value: Uint8Array.from(value) });
    }
    if (this.#freedoms.tellsTapSource !== false) fields.push(byte(TAG.tapSource, tapSource));
    return this.#finish(fields);
  }

  /** The fields of a LINK. */
  link(): readonly Field[] {
    const does = this.#does;
    const ready = this.#link.state === STATE.expired && does('LINK says ready after the expiry');
    const fields = [byte(TAG.state, ready ? STATE.ready : this.#link.state)];
    const noTaps = this.#link.state === STATE.expired && does('the LINK of the expiry has no taps');
    const behind = does('LINK has the taps before the tap') ? 1 : 0;
    if (!noTaps && !does('LINK has no taps')) fields.push(...this.#taps(this.#link.taps - behind));
    const none = does('LINK has an empty order id instead of none') ? '' : undefined;
    if (!does('LINK has no order id')) fields.push(...text(TAG.orderId, this.#link.order?.orderId ?? none));
    return this.#finish(fields);
  }

  #resultOf(reason: number): number {
    const does = this.#does;
    if (reason === 4 && does('reason 4 has the result PARAM_ILLEGAL')) return 1;
    if (reason === 7 && does('reason 7 has the result PROCESS_FAIL')) return 2;
    if (reason === 10 && does('reason 10 has the result PARAM_ILLEGAL')) return 1;
    if (reason === 6 && does('a PAY that fails has the result PARAM_ILLEGAL')) return 1;
    return RESULTS[reason] ?? 2;
  }

  #refusedState(type: number, reason: number): number {
    if (this.#does('a refusal always says idle')) return STATE.idle;
    const ready = type === TYPE.pay && reason === 6 && this.#does('a PAY that fails says ready');
    return ready ? STATE.ready : this.#link.state;
  }

  #result(): Field[] {
    const result = { tag: TAG.result, value: number(0, this.#does('a result has two bytes') ? 2 : 1) };
    return this.#does('a success has the reason 0') ? [result, byte(TAG.reason, 0)] : [result];
  }

  #remaining(seconds = this.#link.remaining): Field {
    const value = number(this.#does('remaining is in milliseconds') ? seconds * 1000 : seconds, 4);
    return { tag: TAG.remaining, value: this.#does('remaining has its high byte first') ? value.toReversed() : value };
  }

  #taps(taps = this.#link.taps): Field[] {
    return taps > 0 || this.#freedoms.writesDefaults ? [byte(TAG.taps, taps)] : [];
  }

  #previous({ previous }: Outcome, repeat: boolean): Field[] {
    const does = this.#does;
    if (!previous || this.#freedoms.tellsPrevious === false) return [];
    const notStored = repeat && does('previous is not stored for a repeat');
    const [state, taps] = notStored ? [this.#link.state, this.#link.taps] : previous;
    const told = does('previous always says idle')
      ? STATE.idle
      : does('previous says the state after the PAY')
        ? this.#link.state
        : state;
    const value = does('previous has one byte') ? [told] : [told, does('previous has no taps') ? 0 : taps];
    return [{ tag: TAG.previous, value: Uint8Array.from(value) }];
  }

  #status(): Field[] {
    const does = this.#does;
    const { live, order } = this.#link;
    const taps = does('STATUS has no taps') || (!live && does('STATUS has no taps after the end')) ? [] : this.#taps();
    if (!order || !(live || does('STATUS has the order after the end'))) return taps;
    const orderId = does('STATUS has the order id cut to 15 characters') ? order.orderId?.slice(0, 15) : order.orderId;
    const short = does('STATUS has the amount without its last zeros');
    const none = does('STATUS has an empty amount instead of none') ? '' : undefined;
    const amount = short ? order.amount?.replace(/\.?0+$/, '') : (order.amount ?? none);
    return [
      ...(does('STATUS has no payment method') ? [] : text(TAG.paymentMethod, order.paymentMethod)),
      ...(does('STATUS has no amount') ? [] : text(TAG.amount, amount)),
      ...text(TAG.orderId, orderId),
      this.#remaining(does('STATUS has the expiry time as remaining') ? this.#link.lifetime : undefined),
      ...taps,
    ];
  }

  #finish(fields: readonly Field[]): readonly Field[] {
    const isRefusal = fields.some(({ tag, value }) => tag === TAG.result && value[0] !== 0);
    const more = this.#freedoms.hasNewField && !isRefusal ? [{ tag: NEW_TAG, value: bytesOf('new') }] : [];
    const all = [...fields, ...more];
    const sorted = all.sort((one, other) => one.tag - other.tag);
    return this.#does('the tags of a reply do not ascend') ? sorted.reverse() : sorted;
  }
}
