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

/** A refusal as plain data. */
export interface CommandRefusal {
  /** Why the command was refused, for programs. */
  readonly code: CommandErrorCode;
  /** What is wrong and what is right, for people. */
  readonly message: string;
  /** The parameter that is wrong. */
  readonly parameter?: string | undefined;
  /** What is allowed at that place. */
  readonly allowed?: readonly string[] | undefined;
}

/** A command for an emulated device was refused. Nothing was done. The message says what is wrong and what is right. */
export class CommandError extends Error {
  /** The name of the class. */
  override readonly name = 'CommandError';
  /** Why it was refused, for programs. */
  readonly code: CommandErrorCode;
  /** The parameter that is wrong. */
  readonly parameter: string | undefined;
  /** What is allowed at that place: verbs, serial numbers, names of parameters, or values. */
  readonly allowed: readonly string[] | undefined;

  /** Makes a refusal. `message` says what is wrong and what is right, for people. */
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
  toJSON(): CommandRefusal {
    const { code, message, parameter, allowed } = this;
    return { code, message, ...(parameter !== undefined && { parameter }), ...(allowed && { allowed }) };
  }
}
