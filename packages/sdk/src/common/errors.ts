import type { Reason } from '@bluetap/protocol';
import { inShort } from '@bluetap/transport/kit';
import { ResultCode } from './types.js';

/**
 * The reason of a refusal: a number of `Reason`, or a number of a later version of the protocol. docs/protocol.md
 * section 3.
 */
export type ReasonNumber = (typeof Reason)[keyof typeof Reason] | (number & {});

/** One field that breaks its rule. */
export interface FieldError {
  /** The name of the field in the command. It is `command` if the command is not an object with named fields. */
  readonly field: string;
  /** The reason that a device would answer: 1 missing field, 2 unknown payment method, 3 bad value. */
  readonly reason: 1 | 2 | 3;
  /**
   * The rule, and the value that breaks it, for a person. It can contain an amount or an order id, so do not log it by
   * default.
   */
  readonly message: string;
}

/** The error class of this SDK. `cause` is the error that caused this error. */
export class BlueTapError extends Error {
  /** Always `BlueTapError`. If a program has two copies of the SDK, `instanceof` fails and this name still works. */
  override readonly name = 'BlueTapError';
  /** The result code of this failure. */
  readonly code: Exclude<ResultCode, 'SUCCESS'>;
  /** The reason of the device. Present if the device refused. docs/protocol.md section 3. */
  readonly reason?: ReasonNumber | undefined;
  /** The fields that break their rules. Present if the code is PARAM_ILLEGAL and a field is the cause. */
  readonly fields?: readonly FieldError[] | undefined;

  /** The SDK creates these errors. A program can create one to test its error handling. */
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
   * The value that `JSON.stringify` writes. Without this method, `JSON.stringify` does not write the message of an
   * error. The cause is included with its name, code and message. If the code is PARAM_ILLEGAL, `message` and the
   * messages of `fields` can contain an amount or an order id.
   */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, message, code, reason, fields, cause } = this;
    return { name, message, code, reason, fields, cause: inShort(cause) };
  }
}

/** The error of a call with such fields. Nothing of the call was sent. */
export function illegal(fields: readonly FieldError[]): BlueTapError {
  const texts = fields.map(({ field, message }) => `${field} ${message}`);
  return new BlueTapError(ResultCode.PARAM_ILLEGAL, texts.join('; '), { fields });
}
