import type { ResultCode } from '@bluetap/sdk';
import { type Piece, Text, text } from '../output/text.js';

/** The exit codes of the process. They are a contract for scripts: see docs/reference/cli.md. */
export const ExitCode = {
  OK: 0,
  /** The command failed: no such file, nothing to decode, an address in use. */
  FAILED: 1,
  /** A value breaks the rule of its field. Also the exit code for the result PARAM_ILLEGAL. */
  PARAM_ILLEGAL: 2,
  DEVICE_DISCONNECTED: 3,
  PROCESS_FAIL: 4,
  /** Also the exit code for an unexpected error. */
  UNKNOWN_EXCEPTION: 5,
  /** A wrong option, argument or command (EX_USAGE of sysexits.h). */
  USAGE: 64,
  /** The exit codes of a shell for a command that it cannot run, and for a command that it cannot find. */
  NOT_EXECUTABLE: 126,
  NOT_FOUND: 127,
  /** The exit code of a shell for a command that a signal ended is 128 plus the number of the signal. */
  SIGNALLED: 128,
} as const;

export function exitCodeOf(code: ResultCode): number {
  return code === 'SUCCESS' ? ExitCode.OK : ExitCode[code];
}

/** The optional last line of a message. It names the help of a command and contains no text from outside. */
const HELP = /\nTry: (bluetap[ a-z-]* --help)$/;

/** An error that ends the command. It has a message for a person and the exit code. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;
  /** The message as it is printed. */
  readonly text: Text;

  /**
   * @param message Says what happened and what to do. A string is one line. It can have a second line that names a
   * help: "\nTry: bluetap pay --help". All other characters that are not printable are escaped. To have more lines, use
   * a `Text`.
   */
  constructor(exitCode: number, message: Piece, options?: ErrorOptions) {
    super(String(message), options);
    this.exitCode = exitCode;
    this.text = message instanceof Text ? message : withHelp(String(message));
  }
}

function withHelp(message: string): Text {
  const help = HELP.exec(message)?.[1];
  return help === undefined ? text`${message}` : text`${message.replace(HELP, '')}\nTry: ${help}`;
}
