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
  /** The payment link that a PAY replaced. */
  readonly previous: { readonly state: State | undefined; readonly taps: number } | undefined;
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

type Fields = { -readonly [Name in keyof WireMessage]: WireMessage[Name] };

/** Returns the message of a frame. Undefined if section 3 says that a receiver cannot read it. */
export function messageOf({ version, type, session, sequence, payload }: WireFrame): WireMessage | undefined {
  const name = TYPES[type];
  if (version !== 1 || !name) return undefined;
  const message: Fields = {
    type: name,
    session,
    sequence,
    result: undefined,
    reason: undefined,
    state: undefined,
    remaining: undefined,
    taps: 0,
    previous: undefined,
    nonce: undefined,
    serialNumber: undefined,
    bootId: undefined,
    simulated: false,
    lastCommand: undefined,
    paymentMethod: undefined,
    amount: undefined,
    orderId: undefined,
    expiryTime: undefined,
  };
  let lastTag = -1;
  for (let at = 0; at < payload.length; ) {
    const tag = payload[at]!;
    const end = at + 2 + (payload[at + 1] ?? 255);
    if (end > payload.length || tag <= lastTag) return undefined;
    lastTag = tag;
    take(message, tag, payload, at + 2, end);
    at = end;
  }
  return hasItsShape(message) ? message : undefined;
}

/** Takes one field. A receiver ignores a tag that it does not know. */
function take(message: Fields, tag: number, bytes: Uint8Array, from: number, end: number): void {
  switch (tag) {
    case 0x01:
      message.paymentMethod = text(bytes, from, end);
      return;
    case 0x02:
      message.amount = text(bytes, from, end);
      return;
    case 0x03:
      message.orderId = text(bytes, from, end);
      return;
    case 0x04:
      message.expiryTime = littleEndian(bytes, from, 4);
      return;
    case 0x10:
      message.result = RESULTS[bytes[from]!];
      return;
    case 0x11:
      message.reason = bytes[from];
      return;
    case 0x12:
      message.state = STATES[bytes[from]!];
      return;
    case 0x13:
      message.remaining = littleEndian(bytes, from, 4);
      return;
    case 0x14:
      message.taps = bytes[from]!;
      return;
    case 0x15:
      message.previous = { state: STATES[bytes[from]!], taps: bytes[from + 1]! };
      return;
    case 0x20:
      message.nonce = littleEndian(bytes, from, 4);
      return;
    case 0x23:
      message.serialNumber = text(bytes, from, end);
      return;
    case 0x24:
      message.bootId = littleEndian(bytes, from, 4);
      return;
    case 0x25:
      message.simulated = (bytes[from]! & 1) === 1;
      return;
    case 0x26:
      message.lastCommand = { session: littleEndian(bytes, from, 2), sequence: bytes[from + 2]! };
  }
}

function text(bytes: Uint8Array, from: number, end: number): string {
  let value = '';
  for (let at = from; at < end; at++) value += String.fromCharCode(bytes[at]!);
  return value;
}

/** The rules of section 3 for the fields that a reply must have, and must not have. */
function hasItsShape(message: WireMessage): boolean {
  const { type, result, reason, state, remaining, paymentMethod, amount, orderId } = message;
  if (type === 'LINK') return state !== undefined;
  if (!type.endsWith('_REPLY')) return true;
  if (result === undefined || state === undefined) return false;
  if (result !== 'SUCCESS')
    return reason !== undefined && remaining === undefined && message.nonce === undefined && !message.previous;
  if (reason !== undefined) return false;
  switch (type) {
    case 'HELLO_REPLY':
      return message.nonce !== undefined && message.serialNumber !== undefined && message.bootId !== undefined;
    case 'PAY_REPLY':
      return remaining !== undefined && (!message.previous || message.previous.state !== undefined);
    case 'STATUS_REPLY':
      return state === 'ready'
        ? remaining !== undefined && paymentMethod !== undefined
        : remaining === undefined && paymentMethod === undefined && amount === undefined && orderId === undefined;
    default:
      return true;
  }
}
