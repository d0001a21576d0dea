// @ts-nocheck: plain JavaScript, as a host of somebody else, who has no types of this project.
// Section 3 of docs/protocol.md, written from the page alone.
import { makes } from './mistake.mjs';

export const HELLO = 0x01;
export const PAY = 0x02;
export const CANCEL = 0x03;
export const STATUS = 0x04;
export const LINK = 0x41;
export const REPLY = 0x80;

const METHODS = ['TRUEMONEY', 'SEVEN_11', 'ALIPAY_CN', 'ALIPAY_PLUS'];
export const RESULTS = ['SUCCESS', 'PARAM_ILLEGAL', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'];
export const STATES = ['idle', 'ready', 'expired', 'cancelled'];

const RESULT = 0x10;
const REASON = 0x11;
const STATE = 0x12;
const REMAINING = 0x13;
const TAPS = 0x14;

/** The fields of each message, the fixed lengths, and what a success must have. */
const KNOWN = {
  [HELLO | REPLY]: [RESULT, REASON, STATE, TAPS, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26],
  [PAY | REPLY]: [RESULT, REASON, STATE, REMAINING],
  [CANCEL | REPLY]: [RESULT, REASON, STATE, TAPS],
  [STATUS | REPLY]: [RESULT, REASON, STATE, REMAINING, TAPS, 0x01, 0x02, 0x03],
  [LINK]: [STATE, TAPS, 0x03],
};
const LENGTHS = { [RESULT]: 1, [REASON]: 1, [STATE]: 1, [REMAINING]: 4, [TAPS]: 1, 32: 4, 36: 4, 37: 1, 38: 3 };
const REQUIRED = { [HELLO | REPLY]: [0x20, 0x21, 0x22, 0x23, 0x24], [PAY | REPLY]: [REMAINING] };
const WHEN_READY = [REMAINING, 0x01];
const ONLY_READY = [REMAINING, 0x01, 0x02, 0x03];

const number = (value) => value.reduceRight((sum, byte) => sum * 256 + byte, 0);
const text = (value) => String.fromCharCode(...value);

/** Returns the message in a frame, or undefined if it cannot be read. */
export function readMessage({ version, type, session, sequence, payload }) {
  const known = KNOWN[type];
  if (version !== 1 || !known) return undefined;
  const fields = readFields(payload, known);
  if (!fields || !isWhole(type, fields)) return undefined;
  return { type, session, sequence, ...valuesOf(fields) };
}

function readFields(payload, known) {
  const fields = new Map();
  let last = -1;
  for (let at = 0; at < payload.length; ) {
    const [tag, length] = payload.slice(at, at + 2);
    const value = payload.slice(at + 2, at + 2 + length);
    if (length === undefined || value.length < length || tag <= last) return undefined;
    if (known.includes(tag)) {
      if (LENGTHS[tag] !== undefined && LENGTHS[tag] !== length) return undefined;
      fields.set(tag, value);
    } else if (makes('refuses-unknown-fields')) return undefined;
    else if (tag >= 0x80 && !makes('skips-critical-fields')) return undefined;
    last = tag;
    at += 2 + length;
  }
  return fields;
}

function isWhole(type, fields) {
  const has = (tag) => fields.has(tag);
  const state = fields.get(STATE)?.[0];
  if (state === undefined || state >= STATES.length) return false;
  if (makes('refuses-defaults') && fields.get(TAPS)?.[0] === 0) return false;
  if (makes('refuses-flags') && (fields.get(0x25)?.[0] ?? 0) > 1) return false;
  if (type === LINK) return true;
  const result = fields.get(RESULT)?.[0];
  if (result === undefined || result >= RESULTS.length) return false;
  if (result !== 0) {
    const reason = fields.get(REASON)?.[0] ?? 0;
    if (makes('refuses-unknown-reasons') && reason > 11) return false;
    return reason > 0 && (fields.size === 3 || makes('reads-damaged-refusals'));
  }
  if (has(REASON)) return false;
  if (type === (STATUS | REPLY)) {
    const due = state === 1 ? WHEN_READY.every(has) : !ONLY_READY.some(has);
    if (!due) return false;
  }
  return makes('reads-half-replies') || (REQUIRED[type] ?? []).every(has);
}

function valuesOf(fields) {
  const of = (tag, read) => (fields.has(tag) ? read(fields.get(tag)) : undefined);
  const last = fields.get(0x26);
  return {
    result: of(RESULT, ([value]) => RESULTS[value]),
    reason: of(REASON, number),
    state: of(STATE, ([value]) => STATES[value]),
    remaining: of(REMAINING, number),
    taps: of(TAPS, number),
    nonce: of(0x20, number),
    serialNumber: of(0x23, text),
    bootId: of(0x24, number),
    lastCommand: last && { session: number(last.slice(0, 2)), sequence: last[2] },
    paymentMethod: of(0x01, text),
    amount: of(0x02, text),
    orderId: of(0x03, text),
  };
}

/** The payload of a PAY or a CANCEL. */
export function commandPayload({ paymentMethod, amount, orderId, expiryTime }) {
  const fields = [];
  const add = (tag, value) => fields.push([tag, value.length, ...value]);
  if (paymentMethod !== undefined) add(0x01, [...Buffer.from(paymentMethod)]);
  if (amount !== undefined) add(0x02, [...Buffer.from(amount)]);
  if (orderId !== undefined) add(0x03, [...Buffer.from(orderId)]);
  if (expiryTime !== undefined) add(0x04, [...uint32(expiryTime)]);
  return (makes('tags-descend') ? fields.reverse() : fields).flat();
}

export function uint32(value) {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** Says which field of a command breaks its rule. Undefined if none does. */
export function wrongField({ do: verb, paymentMethod, amount, orderId, expiryTime }) {
  if (makes('no-check')) return undefined;
  if (verb === 'pay' && !METHODS.includes(paymentMethod)) return 'paymentMethod';
  if (amount !== undefined && !(/^\d+(\.\d+)?$/.test(amount) && amount.length <= 8)) return 'amount';
  if (orderId !== undefined && !/^[!-~]{1,16}$/.test(orderId)) return 'orderId';
  const whole = Number.isInteger(expiryTime) && expiryTime >= 1 && expiryTime <= 2147483647;
  return expiryTime === undefined || whole ? undefined : 'expiryTime';
}
