import type { Reason } from '@bluetap/protocol';
import { inShort } from '@bluetap/transport/kit';
import { ResultCode } from './types.js';

/** Why a device refuses: one of `Reason`, or a number of a later version of the protocol. docs/protocol.md section 3. */
export type ReasonNumber = (typeof Reason)[keyof typeof Reason] | (number & {});

/** One field that breaks its rule. */
export interface FieldError {
  /** The field's name in the command; `command` when it is not an object at all. */
  readonly field: string;
  /** What a device would answer: 1 missing field, 2 unknown payment method, 3 bad value. */
  readonly reason: 1 | 2 | 3;
  /** The rule and the value that broke it, for a person. It can hold an amount or an order id: never log it unasked. */
  readonly message: string;
}

/** Every failure that this SDK reports. `cause` is the error that caused it. */
export class BlueTapError extends Error {
  /** Always `BlueTapError`. It names this error also where two copies of the SDK make `instanceof` fail. */
  override readonly name = 'BlueTapError';
  /** The result code that goes with it. */
  readonly code: Exclude<ResultCode, 'SUCCESS'>;
  /** The device's reason, where the device refused. docs/protocol.md section 3. */
  readonly reason?: ReasonNumber | undefined;
  /** The fields that broke their rules, where the code is PARAM_ILLEGAL. */
  readonly fields?: readonly FieldError[] | undefined;

  /** The SDK makes these itself; a program can make one to test how it treats a failure. */
  constructor(
    code: Exclude<ResultCode, 'SUCCESS'>,
    message: string,
    details: {
      readonly cause?: unknown;
      readonly reason?: ReasonNumber | undefined;
      readonly fields?: readonly FieldError[] | undefined;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    if (details.reason !== undefined) this.reason = details.reason;
    if (details.fields) this.fields = details.fields;
  }

  /**
   * What `JSON.stringify` writes, since an error as such has no properties that it sees. The cause is there with its name,
   * code and message. With PARAM_ILLEGAL, `message` and the messages of `fields` can hold an amount or an order id.
   */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, message, code, reason, fields, cause } = this;
    return { name, message, code, reason, fields, cause: inShort(cause) };
  }
}

/** The error of a call with wrong fields: nothing was sent. */
export function illegal(fields: readonly FieldError[]): BlueTapError {
  const texts = fields.map(({ field, message }) => `${field} ${message}`);
  return new BlueTapError(ResultCode.PARAM_ILLEGAL, texts.join('; '), { fields });
}
