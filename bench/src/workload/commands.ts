import type { PayCommand } from '@bluetap/sdk';

/** A PayCommand in the form that every peer gets: plain fields, and the fields of the frame's header. */
type Complete = { readonly [field in keyof PayCommand]-?: NonNullable<PayCommand[field]> };

export interface Command extends Complete {
  readonly type: 'PAY';
  readonly session: number;
  readonly sequence: number;
}

/**
 * 64 commands of a day at a POS. With only one command, branch prediction and caches would make the result too good.
 */
export const commands: readonly Command[] = Array.from({ length: 64 }, (_, index) => ({
  type: 'PAY',
  session: 0x1200 + index * 7,
  sequence: index + 1,
  paymentMethod: (['TRUEMONEY', 'SEVEN_11', 'ALIPAY_CN', 'ALIPAY_PLUS'] as const)[index % 4]!,
  // Flat strings, as a POS reads them from its database. Strings that were just concatenated are slower to read.
  ...(JSON.parse(
    JSON.stringify({ amount: `${index * 37 + 5}.${10 + index}`, orderId: `POS1-${1000 + index * 13}` }),
  ) as {
    amount: string;
    orderId: string;
  }),
  expiryTime: 900 + index,
}));

const methods: ReadonlySet<unknown> = new Set(['TRUEMONEY', 'SEVEN_11', 'ALIPAY_CN', 'ALIPAY_PLUS']);
const amounts = /^(?=.{1,8}$)\d+(?:\.\d+)?$/;
const orderIds = /^[!-~]{1,16}$/;

/** Checks the rules of docs/protocol.md section 6, as a program must do if its codec does not check them. */
export function validate({ paymentMethod, amount, orderId, expiryTime }: Required<PayCommand>): void {
  if (!methods.has(paymentMethod)) throw new RangeError('paymentMethod');
  if (amount !== undefined && !amounts.test(amount)) throw new RangeError('amount');
  if (orderId !== undefined && !orderIds.test(orderId)) throw new RangeError('orderId');
  if (expiryTime !== undefined && !(Number.isInteger(expiryTime) && expiryTime >= 1 && expiryTime <= 0x7fffffff))
    throw new RangeError('expiryTime');
}
