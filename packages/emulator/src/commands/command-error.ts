/** Why a command for an emulated device was refused. Nothing was done. */
export type CommandErrorCode =
  | 'not-a-command'
  | 'unknown-verb'
  | 'unknown-device'
  | 'unknown-parameter'
  | 'missing-parameter'
  | 'bad-parameter'
  | 'unknown-behaviour'
  | 'device-closed';

/** A command for an emulated device was refused. Nothing was done. The message says what is wrong and what is right. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** Why it was refused, for programs. */
  readonly code: CommandErrorCode;
  /** The parameter that is wrong. */
  readonly parameter: string | undefined;
  /** What is allowed at that place: verbs, serial numbers, names of parameters, or values. */
  readonly allowed: readonly string[] | undefined;

  constructor(
    code: CommandErrorCode,
    message: string,
    more: { readonly parameter?: string | undefined; readonly allowed?: readonly string[] | undefined } = {},
  ) {
    super(message);
    this.code = code;
    this.parameter = more.parameter;
    this.allowed = more.allowed;
  }

  /** The error as plain data for JSON. */
  toJSON(): {
    code: CommandErrorCode;
    message: string;
    parameter?: string | undefined;
    allowed?: readonly string[] | undefined;
  } {
    const { code, message, parameter, allowed } = this;
    return { code, message, ...(parameter !== undefined && { parameter }), ...(allowed && { allowed }) };
  }
}
