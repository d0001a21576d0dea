import { Reason } from '@bluetap/protocol';
import {
  type CancelCommand,
  checkCancelCommand,
  checkPayCommand,
  describeReason,
  type FieldError,
  type PayCommand,
} from '@bluetap/sdk';
import { note } from '../output/output.js';
import { lines, text } from '../output/text.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { wholeNumber } from './options.js';

/** The fields of a PayCommand as they were typed. */
export interface PayFields {
  readonly paymentMethod?: string;
  readonly amount?: string;
  readonly orderId?: string;
  readonly expiryTime?: string;
}
export type CancelFields = Pick<PayFields, 'orderId'>;

/** A field that breaks its rule. The fields of a header, which only `encode` has, are also possible. */
export type Broken = Pick<FieldError, 'field' | 'reason' | 'message'>;

/** Reads and checks a PayCommand. Amount and order id stay exactly the string that was typed, for example "0042". */
export function readPay(typed: PayFields): { readonly command: PayCommand; readonly broken: readonly Broken[] } {
  const { paymentMethod, amount, orderId, expiryTime } = typed;
  const command = {
    ...(paymentMethod !== undefined && { paymentMethod }),
    ...(amount !== undefined && { amount }),
    ...(orderId !== undefined && { orderId }),
    ...(expiryTime !== undefined && { expiryTime: wholeNumber(expiryTime) }),
  };
  return { command: command as PayCommand, broken: checkPayCommand(command) };
}

export function readCancel({ orderId }: CancelFields): {
  readonly command: CancelCommand;
  readonly broken: readonly Broken[];
} {
  const command = orderId === undefined ? {} : { orderId };
  return { command, broken: checkCancelCommand(command) };
}

/** An expiry time above this number of seconds was usually meant in milliseconds. */
const DAY_S = 86_400;

/**
 * Prints a note on stderr if an expiry time may have been meant in milliseconds, with the value in seconds. The command
 * continues with the value that was typed.
 */
export function noteLongExpiry({ expiryTime }: Pick<PayCommand, 'expiryTime'>): void {
  if (expiryTime === undefined || expiryTime <= DAY_S) return;
  const seconds = Math.round(expiryTime / 1000);
  const days = Math.floor(expiryTime / DAY_S);
  const long = `--expiry-time ${expiryTime} is in seconds: more than ${days === 1 ? 'a day' : `${days} days`}`;
  note(`bluetap: ${long}. If you meant milliseconds, type --expiry-time ${seconds}.`);
}

/** @throws Failure (exit code 2) that names every broken field, its rule and its reason. */
export function refuseBroken(broken: readonly Broken[]): void {
  if (broken.length === 0) return;
  const [first, ...others] = broken.map(describe);
  const message =
    others.length === 0
      ? text`${first!}`
      : lines([`${broken.length} fields break their rules.`, ...[first!, ...others].map((each) => text`  ${each}`)]);
  throw new Failure(ExitCode.PARAM_ILLEGAL, message);
}

function describe({ field, reason, message }: Broken): string {
  return `${field} (${optionOf(field)}) ${message} (reason ${reason}: ${describeReason(reason)})`;
}

/** Returns the option of a field: "--payment-method" for "paymentMethod". */
function optionOf(field: string): string {
  return `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Reads a whole number of a header, or a nonce. With `hex`, the form "0x..." is also allowed. */
export function readUint(field: string, typed: string, max: number, hex = false): { value: number; broken: Broken[] } {
  const value = hex && /^0x[\da-f]+$/i.test(typed) ? Number(typed) : wholeNumber(typed);
  if (typeof value === 'number' && value <= max) return { value, broken: [] };
  const form = hex ? ', decimal or 0x and hexadecimal digits' : '';
  const message = `must be a whole number from 0 to ${max}${form}, but is ${JSON.stringify(typed)}`;
  return { value: 0, broken: [{ field, reason: Reason.BAD_VALUE, message }] };
}
