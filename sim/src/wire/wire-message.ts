import { littleEndian, type WireFrame } from './frame-reader.js';

/** Reads messages as docs/protocol.md section 3 says, without the code that the judge judges. */

export type Request = 'HELLO' | 'PAY' | 'CANCEL' | 'STATUS';
export type State = 'idle' | 'ready' | 'expired' | 'cancelled';
/** A command by its session and sequence. */
export interface Id {
  readonly session: number;
  readonly sequence: number;
}

/** One message. A field that its bytes do not have is undefined; taps is 0 then. */
export interface WireMessage extends Id {
  /** The name of the type. A reply has the name of its request with `_REPLY`. */
  readonly type: Request | `${Request}_REPLY` | 'LINK';
  readonly result: string | undefined;
  readonly reason: number | undefined;
  readonly state: State | undefined;
  readonly remaining: number | undefined;
  readonly taps: number;
  readonly nonce: number | undefined;
  readonly serialNumber: string | undefined;
  readonly bootId: number | undefined;
  readonly simulated: boolean;
  readonly lastCommand: Id | undefined;
  readonly paymentMethod: string | undefined;
  readonly amount: string | undefined;
  readonly orderId: string | undefined;
  readonly expiryTime: number | undefined;
}

const TYPES: Readonly<Record<number, WireMessage['type']>> = {
  1: 'HELLO',
  2: 'PAY',
  3: 'CANCEL',
  4: 'STATUS',
  129: 'HELLO_REPLY',
  130: 'PAY_REPLY',
  131: 'CANCEL_REPLY',
  132: 'STATUS_REPLY',
  65: 'LINK',
};
const RESULTS = ['SUCCESS', 'PARAM_ILLEGAL', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'];
const STATES: readonly State[] = ['idle', 'ready', 'expired', 'cancelled'];

/** Returns the message of a frame. Undefined if section 3 says that a receiver cannot read it. */
export function messageOf({ version, type, session, sequence, payload }: WireFrame): WireMessage | undefined {
  const name = TYPES[type];
  if (version !== 1 || !name) return undefined;
  const fields: (Uint8Array | undefined)[] = [];
  for (let at = 0; at < payload.length; ) {
    const [tag, length] = [payload[at]!, payload[at + 1] ?? 255];
    if (at + 2 + length > payload.length || tag < fields.length) return undefined;
    fields[tag] = payload.subarray(at + 2, at + 2 + length);
    at += 2 + length;
  }
  const number = (tag: number) => {
    const value = fields[tag];
    return value && littleEndian(value, 0, value.length);
  };
  const text = (tag: number) => {
    const value = fields[tag];
    return value && String.fromCharCode(...value);
  };
  const last = fields[0x26];
  const message: WireMessage = {
    type: name,
    session,
    sequence,
    result: RESULTS[number(0x10) ?? 99],
    reason: number(0x11),
    state: STATES[number(0x12) ?? 99],
    remaining: number(0x13),
    taps: number(0x14) ?? 0,
    nonce: number(0x20),
    serialNumber: text(0x23),
    bootId: number(0x24),
    simulated: ((number(0x25) ?? 0) & 1) === 1,
    lastCommand: last && { session: littleEndian(last, 0, 2), sequence: last[2]! },
    paymentMethod: text(1),
    amount: text(2),
    orderId: text(3),
    expiryTime: number(4),
  };
  return hasItsShape(message) ? message : undefined;
}

/** The rules of section 3 for the fields that a reply must have, and must not have. */
function hasItsShape(message: WireMessage): boolean {
  const { type, result, reason, state, remaining, paymentMethod, amount, orderId } = message;
  if (type === 'LINK') return state !== undefined;
  if (!type.endsWith('_REPLY')) return true;
  if (result === undefined || state === undefined) return false;
  if (result !== 'SUCCESS') return reason !== undefined && remaining === undefined && message.nonce === undefined;
  if (reason !== undefined) return false;
  switch (type) {
    case 'HELLO_REPLY':
      return message.nonce !== undefined && message.serialNumber !== undefined && message.bootId !== undefined;
    case 'PAY_REPLY':
      return remaining !== undefined;
    case 'STATUS_REPLY':
      return state === 'ready'
        ? remaining !== undefined && paymentMethod !== undefined
        : remaining === undefined && paymentMethod === undefined && amount === undefined && orderId === undefined;
    default:
      return true;
  }
}
