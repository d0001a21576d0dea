import type { Command } from 'commander';
import { ExitCode, Failure } from '../process/exit-code.js';

/**
 * Checks that the program to run was typed after "--". Commander removes the "--" from the arguments. An argument
 * without "--" before it is a mistake.
 * @param program The program and its arguments, as Commander found them.
 * @throws Failure (exit code 64) for a program without "--", or "--" without a program.
 */
export function checkProgram(program: readonly string[], command: Command): void {
  const { rawArgs } = command.parent as unknown as { rawArgs: string[] };
  const dashes = rawArgs.includes('--');
  const problem =
    program.length > 0 && !dashes
      ? `"${program[0]}" is not expected here. To run a COMMAND, write it after "--".`
      : program.length === 0 && dashes
        ? 'The COMMAND after "--" is missing.'
        : undefined;
  if (problem === undefined) return;
  throw new Failure(ExitCode.USAGE, `${problem}\nTry: bluetap ${command.name()} --help`);
}
