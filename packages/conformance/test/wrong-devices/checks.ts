// What a device checks in a request, and in which order: docs/protocol.md sections 3 and 6.
import type { Does, Mistake } from './mistakes/index.js';
import { type Field, numberOf, textOf } from './wire.js';

/** The types of the requests. */
export const TYPE = { hello: 1, pay: 2, cancel: 3, status: 4 } as const;

/** The bit of a reply, and the bit of an event. */
export const REPLY = 0x80;
export const EVENT = 0x40;

/** The tags of the fields. */
export const TAG = {
  paymentMethod: 0x01,
  amount: 0x02,
  orderId: 0x03,
  expiryTime: 0x04,
  result: 0x10,
  reason: 0x11,
  state: 0x12,
  remaining: 0x13,
  taps: 0x14,
  previous: 0x15,
  nonce: 0x20,
  model: 0x21,
  firmware: 0x22,
  serialNumber: 0x23,
  bootId: 0x24,
  flags: 0x25,
  lastCommand: 0x26,
  tapSource: 0x27,
} as const;

/** One check of a request. `use` is no check: there a request uses its sequence. */
export type Step =
  | 'bit 80'
  | 'version'
  | 'type'
  | 'session'
  | 'sequence'
  | 'use'
  | 'structure'
  | 'critical'
  | 'missing'
  | 'method'
  | 'values'
  | 'order'
  | 'nfc';

const STEPS: readonly Step[] = [
  ...(['bit 80', 'version', 'type', 'session', 'sequence', 'use'] as const),
  ...(['structure', 'critical', 'missing', 'method', 'values', 'order', 'nfc'] as const),
];

/** Mistakes that make one step earlier than another one. */
const EARLIER: readonly (readonly [Mistake, Step, Step])[] = [
  ['the version is checked before bit 80', 'version', 'bit 80'],
  ['the type is checked before the version', 'type', 'version'],
  ['the session is checked before the type', 'session', 'type'],
  ['the sequence is checked before the session', 'sequence', 'session'],
  ['the payload is read before the sequence', 'structure', 'sequence'],
  ['critical tags are checked before the structure', 'critical', 'structure'],
  ['missing fields are checked before critical tags', 'missing', 'critical'],
  ['values are checked before missing fields', 'values', 'missing'],
  ['values are checked before the payment method', 'values', 'method'],
  ['the order of a CANCEL is checked before its value', 'order', 'values'],
  ['the NFC part is checked before the values', 'nfc', 'values'],
  ['a damaged payload does not use its sequence', 'structure', 'use'],
  ['a request of another session uses its sequence', 'sequence', 'session'],
  ['a request of another session uses its sequence', 'use', 'session'],
];

/** The steps in the order of this device. */
export function stepsOf(does: Does): readonly Step[] {
  let steps = STEPS;
  for (const [mistake, step, before] of EARLIER) {
    if (does(mistake))
      steps = steps.filter((one) => one !== step).flatMap((one) => (one === before ? [step, one] : one));
  }
  return steps;
}

/** Tags of each type, in the order of the page, and those of a fixed length. */
const KNOWN: Readonly<Record<number, readonly number[]>> = {
  [TYPE.hello]: [TAG.nonce],
  [TYPE.pay]: [TAG.paymentMethod, TAG.amount, TAG.orderId, TAG.expiryTime],
  [TYPE.cancel]: [TAG.orderId],
  [TYPE.status]: [],
};
const FIXED: Readonly<Record<number, number>> = { [TAG.nonce]: 4, [TAG.expiryTime]: 4 };
const REQUIRED: Readonly<Record<number, number>> = { [TYPE.hello]: TAG.nonce, [TYPE.pay]: TAG.paymentMethod };
const EVERY_TAG: readonly number[] = Object.values(TAG);

const isKnown = (type: number, tag: number): boolean => KNOWN[type]?.includes(tag) ?? false;

/** True if the payload is damaged: rule 6 of the order of checks. */
export function isDamaged(type: number, fields: readonly Field[], rest: number, does: Does): boolean {
  if (type === TYPE.status && does('the fields of a STATUS are not read')) return false;
  const ends =
    does('a payload that is cut short is accepted') || (rest === 1 && does('a tag without a length is accepted'));
  if (rest > 0 && !ends) return true;
  return fields.some(({ tag, value }, at) => {
    const before = fields[at - 1]?.tag ?? -1;
    if (tag === before && !does('a tag that comes twice is accepted')) return true;
    if (tag < before && !does('tags out of order are accepted')) return true;
    const counts = isKnown(type, tag) || does('a tag of another type has a fixed length');
    const length = FIXED[tag];
    if (!counts || length === undefined || value.length === length) return false;
    if (tag === TAG.expiryTime && value.length === 2 && does('an expiry time of two bytes is accepted')) return false;
    if (tag === TAG.expiryTime && value.length === 5 && does('an expiry time of five bytes is accepted')) return false;
    if (tag === TAG.nonce && value.length === 5 && does('a nonce of five bytes is accepted')) return false;
    return !(tag === TAG.nonce && value.length === 3 && does('a nonce of three bytes is accepted'));
  });
}

/** True if a tag must be refused: rule 7. */
export function hasCriticalTag(type: number, fields: readonly Field[], does: Does): boolean {
  if (type === TYPE.status && does('the fields of a STATUS are not read')) return false;
  return fields.some(({ tag }) => {
    if (isKnown(type, tag)) return false;
    if (does('unknown tags are refused')) return true;
    if (tag === 0 && does('tag 00 is refused')) return true;
    if (EVERY_TAG.includes(tag) && does('a tag of another type is refused')) return true;
    if (type === TYPE.hello && does('unknown tags in a HELLO are refused')) return true;
    if (type === TYPE.status && does('unknown tags in a STATUS are refused')) return true;
    if (type === TYPE.hello && does('critical tags in a HELLO are skipped')) return false;
    if (type === TYPE.cancel && does('critical tags in a CANCEL are skipped')) return false;
    if (does('critical tags are skipped') || (tag === 0x80 && does('tag 80 is skipped'))) return false;
    return tag >= 0x80;
  });
}

/** True if a required field is missing: rule 8. */
export function misses(type: number, fields: readonly Field[], does: Does): boolean {
  const expiryMissing = type === TYPE.pay && !fields.some(({ tag }) => tag === TAG.expiryTime);
  if (expiryMissing && does('a PAY without an expiry time is refused')) return true;
  const tag = REQUIRED[type];
  if (tag === undefined || fields.some((field) => field.tag === tag)) return false;
  if (type === TYPE.hello) return !does('a HELLO without a nonce is accepted');
  return !does('a PAY without a payment method is accepted');
}

const METHODS: readonly string[] = ['TRUEMONEY', 'SEVEN_11', 'ALIPAY_CN', 'ALIPAY_PLUS'];

/** True if the payment method is none of section 6: rule 9. */
export function isUnknownMethod(type: number, fields: readonly Field[], does: Does): boolean {
  const field = type === TYPE.pay ? fields.find(({ tag }) => tag === TAG.paymentMethod) : undefined;
  if (!field || does('any payment method is accepted')) return false;
  const text = textOf(field.value);
  if (METHODS.includes(text)) return false;
  if (does('a payment method in lower case is accepted') && METHODS.includes(text.toUpperCase())) return false;
  if (does('the beginning of a payment method is accepted')) return !METHODS.some((one) => one.startsWith(text));
  if (does('more than a payment method is accepted')) return !METHODS.some((one) => text.startsWith(one));
  return true;
}

/** True if any other value breaks its rule: rule 10. */
export function hasWrongValue(type: number, fields: readonly Field[], does: Does): boolean {
  if (type === TYPE.cancel && does('the order id of a CANCEL is not checked')) return false;
  return fields.some(({ tag, value }) => {
    if (!isKnown(type, tag)) return false;
    if (tag === TAG.amount) return isWrongAmount(textOf(value), does);
    if (tag === TAG.orderId) return isWrongOrderId(value, does);
    return tag === TAG.expiryTime && isWrongExpiryTime(numberOf(value), does);
  });
}

const AMOUNTS: readonly (readonly [Mistake, RegExp])[] = [
  ['an amount with two points is accepted', /^\d+\.\d+\.\d+$/],
  ['an amount that begins with a point is accepted', /^\.\d+$/],
  ['an amount that ends with a point is accepted', /^\d+\.$/],
  ['an amount with a sign is accepted', /^[+-]\d+(?:\.\d+)?$/],
  ['an amount with a comma is accepted', /^\d+,\d+$/],
  ['an amount with an exponent is accepted', /^\d+[eE]\d+$/],
];

function isWrongAmount(text: string, does: Does): boolean {
  if (text === '') return !does('an empty amount is accepted');
  if (text.length > (does('an amount of 9 characters is accepted') ? 9 : 8)) return true;
  if (text.length === 8 && does('an amount of 8 characters is refused')) return true;
  if (/^0\d/.test(text) && does('an amount with leading zeros is refused')) return true;
  if (/^[0.]+$/.test(text) && does('the amount zero is refused')) return true;
  if (AMOUNTS.some(([mistake, accepted]) => does(mistake) && accepted.test(text))) return false;
  return !/^\d+(?:\.\d+)?$/.test(text);
}

function isWrongOrderId(value: Uint8Array, does: Does): boolean {
  if (value.length === 0) return !does('an empty order id is accepted');
  if (value.length > (does('an order id of 17 characters is accepted') ? 17 : 16)) return true;
  if (value.length === 16 && does('an order id of 16 characters is refused')) return true;
  const space = does('an order id with a space is accepted');
  const lowest = space ? 0x20 : does('an order id with 21 is refused') ? 0x22 : 0x21;
  const highest = does('an order id with 7F is accepted')
    ? 0x7f
    : does('an order id with a tilde is refused')
      ? 0x7d
      : 0x7e;
  return value.some((byte) => byte < lowest || byte > highest);
}

function isWrongExpiryTime(seconds: number, does: Does): boolean {
  if (seconds === 0) return !does('an expiry time of 0 is accepted');
  if (seconds === 2 ** 31 - 1) return does('an expiry time of 2147483647 is refused');
  return seconds > 2 ** 31 - 1 && !does('an expiry time of 2147483648 is accepted');
}
