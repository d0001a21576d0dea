import type { PayCommand } from '@bluetap/protocol';
import type { FieldError } from '@bluetap/sdk';

/** What a person typed, as text. */
export interface PosForm {
  readonly paymentMethod: string;
  readonly amount: string;
  readonly orderId: string;
  readonly expiryTime: string;
  readonly timeoutMs: string;
}

/** The form as it is at first. */
export const FIRST_FORM: PosForm = {
  paymentMethod: 'TRUEMONEY',
  amount: '120.00',
  orderId: 'POS1-0042',
  expiryTime: '',
  timeoutMs: '',
};

/** The fields of a PayCommand, as the form shows them. */
export const PAY_FIELDS = [
  { name: 'paymentMethod', label: 'paymentMethod', about: 'the wallet' },
  { name: 'amount', label: 'amount', about: 'digits with at most one decimal point; may be absent' },
  { name: 'orderId', label: 'orderId', about: 'your own number, 1 to 16 characters; may be absent' },
  { name: 'expiryTime', label: 'expiryTime', about: 'seconds; absent means 900' },
] as const satisfies readonly { name: keyof PosForm; label: string; about: string }[];

/**
 * Returns the PayCommand of a form. A value that breaks a rule stays in it, so that the SDK tells what is wrong. An
 * empty field is absent.
 */
export function payCommandOf({ paymentMethod, amount, orderId, expiryTime }: PosForm): PayCommand {
  return {
    ...given('paymentMethod', paymentMethod),
    ...given('amount', amount),
    ...given('orderId', orderId),
    ...given('expiryTime', numberOr(expiryTime)),
  } as PayCommand;
}

/** Returns the options of a call. */
export function optionsOf({ timeoutMs }: PosForm): { readonly timeoutMs?: number } {
  return given('timeoutMs', numberOr(timeoutMs)) as { timeoutMs?: number };
}

/** The call as code of a POS. */
export function codeOf(verb: string, argument: object | undefined, options: object): string {
  const args = [
    argument ?? (Object.keys(options).length > 0 ? {} : undefined),
    Object.keys(options).length > 0 ? options : undefined,
  ];
  const shown = args.filter((each) => each !== undefined).map(literal);
  return `const result = await client.${verb}(${shown.join(', ')});`;
}

/** The message of the SDK for one field. */
export function problemOf(fields: readonly FieldError[], name: string): string | undefined {
  const problems = fields.filter(({ field }) => field === name).map(({ message }) => message);
  return problems.length === 0 ? undefined : problems.join('; ');
}

function given(name: string, value: string | number): object {
  return value === '' ? {} : { [name]: value };
}

/** A text that is not a number stays a text, and the SDK refuses it. */
function numberOr(text: string): string | number {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function literal(value: unknown): string {
  const entries = Object.entries(value as object);
  if (entries.length === 0) return '{}';
  const shown = entries.map(([name, each]) => `${name}: ${typeof each === 'string' ? quoted(each) : String(each)}`);
  return `{ ${shown.join(', ')} }`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
