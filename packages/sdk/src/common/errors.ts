import { ResultCode } from './types.js';

/** One field that breaks its rule. */
export interface FieldError {
  /** The field's name in the command; `command` when it is not an object at all. */
  readonly field: string;
  /** What a device would answer: 1 missing field, 2 unknown payment method, 3 bad value. */
  readonly reason: 1 | 2 | 3;
  /** The rule and the value that broke it, for a person. It can hold an amount or an order id: never log it unasked. */
  readonly message: string;
}

/** Every failure that this SDK reports. `cause` holds what lies beneath. */
export class BlueTapError extends Error {
  /** Always `BlueTapError`. It names this error also where two copies of the SDK make `instanceof` fail. */
  override readonly name = 'BlueTapError';
  /** The result code that goes with it. */
  readonly code: ResultCode;
  /** The device's reason, where the device refused. docs/protocol.md section 3. */
  readonly reason?: number;
  /** The fields that broke their rules, where the code is PARAM_ILLEGAL. */
  readonly fields?: readonly FieldError[];

  /** The SDK makes these itself; a program can make one to test how it treats a failure. */
  constructor(
    code: ResultCode,
    message: string,
    details: { cause?: unknown; reason?: number; fields?: readonly FieldError[] } = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    if (details.reason !== undefined) this.reason = details.reason;
    if (details.fields) this.fields = details.fields;
  }
}

/** What a call with such fields comes to: nothing of it was sent. */
export function illegal(fields: readonly FieldError[]): BlueTapError {
  const texts = fields.map(({ field, message }) => `${field} ${message}`);
  return new BlueTapError(ResultCode.PARAM_ILLEGAL, texts.join('; '), { fields });
}
