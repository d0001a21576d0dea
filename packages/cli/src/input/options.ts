import { InvalidArgumentError, Option } from 'commander';
import { ExitCode, Failure } from '../process/exit-code.js';

/** An option with a value. Given twice it is refused: of two amounts, the last one is as wrong as the first. */
export function valueOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, earlier: string | undefined) => {
    if (earlier !== undefined) throw new InvalidArgumentError('It is given more than once.');
    // A shell drops a variable that is empty, and the next option would become the value.
    if (/^--[a-z]/.test(value) && process.argv.includes(value)) {
      const name = flags.split(' ')[0];
      throw new InvalidArgumentError(`The value is missing; if ${value} is meant, write ${name}=${value}.`);
    }
    return value;
  });
}

export const paymentMethodOption = () =>
  valueOption('--payment-method <method>', 'TRUEMONEY, SEVEN_11, ALIPAY_CN or ALIPAY_PLUS');
export const amountOption = () =>
  valueOption('--amount <amount>', '1 to 8 characters, digits with at most one point between digits: 120.00');
export const orderIdOption = (what = 'the order number of the POS') =>
  valueOption('--order-id <id>', `${what}: printable ASCII without spaces, 1 to 16 characters`);
export const expiryTimeOption = () =>
  valueOption('--expiry-time <seconds>', 'how long the payment link is live: 1 to 2147483647 (default: 900)');

/** A whole number in plain decimal digits; anything else (1e3, 0x10, 12.5, an empty text) stays the text that it is. */
export function wholeNumber(text: string): number | string {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
}

/** What `--device` says; undefined when it was not given. @throws Failure (exit code 64) for an empty text. */
export function readDevice(text: string | undefined): string | undefined {
  // A variable of the shell that is not set would otherwise mean any device.
  if (text !== '') return text;
  throw new Failure(ExitCode.USAGE, '--device must be a serial number or an id, but is "".');
}

const LONGEST_TIMEOUT_MS = 2147483647;

/** What `--timeout` says, in milliseconds; undefined when it was not given. @throws Failure (exit code 64) */
export function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) : 0;
  if (ms >= 1 && ms <= LONGEST_TIMEOUT_MS) return ms;
  const rule = `--timeout must be a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`;
  throw new Failure(ExitCode.USAGE, `${rule}, but is ${JSON.stringify(text)}.`);
}
