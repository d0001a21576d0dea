import type { ResultCode } from '@bluetap/sdk';
import { type Piece, Text, text } from '../output/text.js';

/** What the process says when it ends: the contract that others script against. */
export const ExitCode = {
  OK: 0,
  /** The command could not do its work: no such file, nothing to decode, an address in use. */
  FAILED: 1,
  /** A value breaks the rule of its field; also the result PARAM_ILLEGAL. */
  PARAM_ILLEGAL: 2,
  DEVICE_DISCONNECTED: 3,
  PROCESS_FAIL: 4,
  /** Also for an error that was not foreseen. */
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
  return code === 'SUCCESS' ? ExitCode.OK : ExitCode[code];
}

/** An optional last line of a message. It names the help of a command, and has no text from outside. */
const HELP = /\nTry: (bluetap[ a-z-]* --help)$/;

/** Ends the command: what happened, what to do about it, and the exit code. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;
  /** The message as it is printed. */
  readonly text: Text;

  /**
   * @param message A string is one line, and can have a second one that names a help: "\nTry: bluetap pay --help".
   * Anything else in it that is not printable is escaped. A message of more lines is a `Text`.
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
