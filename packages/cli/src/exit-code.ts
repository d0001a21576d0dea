import { ResultCode } from '@bluetap/sdk';

/** What the process says when it ends: the contract that others script against. */
export const ExitCode = {
  OK: 0,
  /** The command could not do its work: no such file, nothing to decode, an address in use. */
  FAILED: 1,
  /** A value breaks the rule of its field; also the result PARAM_ILLEGAL. */
  PARAM_ILLEGAL: 2,
  DEVICE_DISCONNECTED: 3,
  PROCESS_FAIL: 4,
  /** Also anything that nobody foresaw. */
  UNKNOWN_EXCEPTION: 5,
  /** A wrong option, argument or command (EX_USAGE of sysexits.h). */
  USAGE: 64,
  /** What a shell says of a command that it cannot run, and of one that it cannot find. */
  NOT_EXECUTABLE: 126,
  NOT_FOUND: 127,
  /** Plus its number: what a shell says of a command that a signal has ended. */
  SIGNALLED: 128,
} as const;

export function exitCodeOf(code: ResultCode): number {
  return code === ResultCode.SUCCESS ? ExitCode.OK : ExitCode[code];
}

/** Ends the command: what happened, what to do about it, and the exit code. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
