import { type CancelCommand, isFieldValid, type PayCommand, PaymentMethod, Reason } from '@bluetap/protocol';
import { show } from '@bluetap/transport/kit';
import type { FieldError } from '../common/errors.js';

/** What is wrong with a command, in words. The rules are those of docs/protocol.md section 6. */

/** A validated command as a request. It gets a new number for each attempt. */
export type NumberedCommand =
  | ({ readonly type: 'PAY' } & PayCommand & Numbers)
  | ({ readonly type: 'CANCEL' } & CancelCommand & Numbers);

interface Numbers {
  session: number;
  sequence: number;
}

/** The fields of a PayCommand, in the order of their tags, and the rule of each in words. */
const RULES = {
  paymentMethod: `must be one of ${Object.keys(PaymentMethod).join(', ')}, in upper case`,
  amount:
    'must be a string of digits with at most one decimal point between digits, 1 to 8 characters, such as "120.00"',
  orderId: 'must be a string of printable ASCII without spaces, 1 to 16 characters',
  expiryTime: 'must be a whole number of seconds from 1 to 2147483647',
};
const NAMES = Object.keys(RULES) as (keyof typeof RULES)[];

/** Every field of a PayCommand that breaks its rule; empty when all is well. Takes anything and never throws. */
export function checkPayCommand(command: unknown): FieldError[] {
  return check(command, NAMES);
}

/** Every field of a CancelCommand that breaks its rule; empty when all is well. Takes anything and never throws. */
export function checkCancelCommand(command: unknown): FieldError[] {
  return check(command, ['orderId']);
}

function check(command: unknown, names: readonly (keyof typeof RULES)[]): FieldError[] {
  const errors: FieldError[] = [];
  const add = (field: string, message: string, reason: FieldError['reason'] = Reason.BAD_VALUE) =>
    errors.push({ field, reason, message });
  try {
    // A list or a Map has no named fields, and would pass for a CANCEL of whichever payment link is live.
    if (typeof command !== 'object' || command === null || Symbol.iterator in command) {
      add('command', `must be an object with named fields, but is ${show(command)}`);
      return errors;
    }
    const given = command as Record<string, unknown>;
    for (const name of names) {
      const value = given[name];
      const first = name === 'paymentMethod';
      if (value === undefined) {
        if (first) add(name, `is missing; it ${RULES[name]}`, Reason.MISSING_FIELD);
      } else if (!isFieldValid(name, value)) {
        add(name, `${RULES[name]}, but is ${show(value)}`, first ? Reason.UNKNOWN_PAYMENT_METHOD : Reason.BAD_VALUE);
      }
    }
    // A misspelt optional field would be lost in silence, and with it an order id or an expiry.
    for (const name of Object.keys(given)) {
      if (!(names as readonly string[]).includes(name)) {
        add(name, `is not a field here; these are: ${names.join(', ')}`);
      }
    }
  } catch {
    add('command', 'cannot be read: looking at its fields throws');
  }
  return errors;
}
