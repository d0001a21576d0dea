import { MAX_EXPIRY_TIME, Reason } from './wire.js';

/**
 * The rules for the fields of a PayCommand, the same on both sides of the wire. docs/protocol.md section 6.
 * The `is...` functions are the rules; the `check...` functions say in words which rule a value breaks.
 */

/** The wallets. The vendor's names, upper case, at most 12 characters. */
export const PaymentMethod = {
  TRUEMONEY: 'TRUEMONEY',
  SEVEN_11: 'SEVEN_11',
  ALIPAY_CN: 'ALIPAY_CN',
  ALIPAY_PLUS: 'ALIPAY_PLUS',
} as const;
export type PaymentMethod = (typeof PaymentMethod)[keyof typeof PaymentMethod];

/** What a till asks the device to show. */
export interface PayCommand {
  /** The wallet. Required. */
  readonly paymentMethod: PaymentMethod;
  /** Digits with at most one decimal point between digits, 1 to 8 characters: "100", "0.50". A string, never a number. */
  readonly amount?: string;
  /** The till's own number for the order: printable ASCII without space, 1 to 16 characters. */
  readonly orderId?: string;
  /** How long the link stays live, in whole seconds, 1 to 2147483647. Absent means 900. */
  readonly expiryTime?: number;
}

/** Which link to disable. */
export interface CancelCommand {
  /** Only the link of this order; absent means whichever link is live. */
  readonly orderId?: string;
}

/** One field that breaks its rule. */
export interface FieldError {
  /** The field's name in the command; `command` when it is not an object at all. */
  readonly field: string;
  /** What a device would answer: 1 missing field, 2 unknown payment method, 3 bad value. */
  readonly reason: 1 | 2 | 3;
  /** The rule and the value that broke it, for a person. It can hold an amount or an order id: never log it unasked. */
  readonly message: string;
}

const PAYMENT_METHODS = Object.values(PaymentMethod);
const POINT = 0x2e;
/** No text of the format is longer than a serial number. */
export const MAX_TEXT_LENGTH = 32;

/** The payment method that `bytes[start..end)` spells, if it is one. */
export function paymentMethodOf(bytes: Uint8Array, start: number, end: number): PaymentMethod | undefined {
  for (const method of PAYMENT_METHODS) {
    let at = 0;
    while (start + at < end && bytes[start + at] === method.charCodeAt(at)) at++;
    if (start + at === end && at === method.length) return method;
  }
  return undefined;
}

export function isPaymentMethod(value: unknown): value is PaymentMethod {
  return (PAYMENT_METHODS as unknown[]).includes(value);
}

/** Digits with at most one decimal point between digits, 1 to 8 characters. */
export function isAmount(bytes: Uint8Array, start: number, end: number): boolean {
  let points = 0;
  for (let at = start; at < end; at++) {
    const char = bytes[at]!;
    if (char === POINT && at > start && at + 1 < end && points === 0) points++;
    else if (char < 0x30 || char > 0x39) return false;
  }
  return end > start && end - start <= 8;
}

/** Printable ASCII without space, 1 to 16 characters. */
export function isOrderId(bytes: Uint8Array, start: number, end: number): boolean {
  return isPrintable(bytes, start, end, 0x21, 16);
}

/** Printable ASCII with space, 1 to `max` characters: model, firmware and serial number. */
export function isLabel(bytes: Uint8Array, start: number, end: number, max: number): boolean {
  return isPrintable(bytes, start, end, 0x20, max);
}

function isPrintable(bytes: Uint8Array, start: number, end: number, lowest: number, max: number): boolean {
  for (let at = start; at < end; at++) {
    const char = bytes[at]!;
    if (char < lowest || char > 0x7e) return false;
  }
  return end > start && end - start <= max;
}

export function isExpiryTime(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_EXPIRY_TIME;
}

/** Whether a value is a string that follows a rule for bytes. */
function isText(value: unknown, rule: typeof isAmount): boolean {
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH) return false;
  // What is not ASCII becomes a character that no rule allows.
  const bytes = Uint8Array.from(value, (char) => Math.min(char.charCodeAt(0), 0x7f));
  return rule(bytes, 0, bytes.length);
}

/** Every field of a PayCommand that breaks its rule; empty when all is well. Takes anything and never throws. */
export function checkPayCommand(command: unknown): FieldError[] {
  return check(command, ['paymentMethod', 'amount', 'orderId', 'expiryTime']);
}

/** Every field of a CancelCommand that breaks its rule; empty when all is well. Takes anything and never throws. */
export function checkCancelCommand(command: unknown): FieldError[] {
  return check(command, ['orderId']);
}

const RULES = {
  paymentMethod: { valid: isPaymentMethod, rule: `must be one of ${PAYMENT_METHODS.join(', ')}, in upper case` },
  amount: {
    valid: (value: unknown) => isText(value, isAmount),
    rule: 'must be a string of digits with at most one decimal point between digits, 1 to 8 characters, such as "120.00"',
  },
  orderId: {
    valid: (value: unknown) => isText(value, isOrderId),
    rule: 'must be a string of printable ASCII without spaces, 1 to 16 characters',
  },
  expiryTime: { valid: isExpiryTime, rule: `must be a whole number of seconds from 1 to ${MAX_EXPIRY_TIME}` },
};

function check(command: unknown, fields: readonly (keyof typeof RULES)[]): FieldError[] {
  const errors: FieldError[] = [];
  const add = (field: string, reason: FieldError['reason'], message: string) => errors.push({ field, reason, message });
  try {
    // A list or a Map has no named fields, and would pass for a CANCEL of whichever link is live.
    if (typeof command !== 'object' || command === null || Symbol.iterator in command) {
      add('command', Reason.BAD_VALUE, `must be an object with named fields, but is ${show(command)}`);
      return errors;
    }
    const given = command as Record<string, unknown>;
    for (const field of fields) {
      const value = given[field];
      const { valid, rule } = RULES[field];
      if (value === undefined) {
        if (field === 'paymentMethod') add(field, Reason.MISSING_FIELD, `is missing; it ${rule}`);
      } else if (!valid(value)) {
        const reason = field === 'paymentMethod' ? Reason.UNKNOWN_PAYMENT_METHOD : Reason.BAD_VALUE;
        add(field, reason, `${rule}, but is ${show(value)}`);
      }
    }
    // A misspelt optional field would be lost in silence, and with it an order id or an expiry.
    for (const name of Object.keys(given)) {
      if (!(fields as readonly string[]).includes(name)) {
        add(name, Reason.BAD_VALUE, `is not a field here; these are: ${fields.join(', ')}`);
      }
    }
  } catch {
    add('command', Reason.BAD_VALUE, 'cannot be read: looking at its fields throws');
  }
  return errors;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (Object(value) === value) return `of type ${typeof value}`;
  return String(value);
}
