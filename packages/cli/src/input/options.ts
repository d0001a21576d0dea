import { InvalidArgumentError, Option } from 'commander';
import { ExitCode, Failure } from '../process/exit-code.js';

/** Makes an option with a value. It can be given only once: if there are two amounts, either of them can be wrong. */
export function valueOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, earlier: string | undefined) => {
    if (earlier !== undefined) throw new InvalidArgumentError('It is given more than once.');
    // A shell drops an empty variable. Then the next option would become the value.
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

/** Reads a whole number in decimal digits. Returns any other string (1e3, 0x10, 12.5, an empty string) unchanged. */
export function wholeNumber(text: string): number | string {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
}

/** Returns the value of `--device`, or undefined if it was not given. @throws Failure (exit code 64) for ''. */
export function readDevice(text: string | undefined): string | undefined {
  // Otherwise a shell variable that is not set would mean any device.
  if (text !== '') return text;
  throw new Failure(ExitCode.USAGE, '--device must be a serial number or an id, but is "".');
}

const LONGEST_TIMEOUT_MS = 2147483647;

/**
 * Returns the value of `--timeout` in milliseconds, or undefined if it was not given.
 * @throws Failure (exit code 64) for a value that is not a whole number from 1 to 2147483647.
 */
export function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) : 0;
  if (ms >= 1 && ms <= LONGEST_TIMEOUT_MS) return ms;
  const rule = `--timeout must be a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`;
  throw new Failure(ExitCode.USAGE, `${rule}, but is ${JSON.stringify(text)}.`);
}
