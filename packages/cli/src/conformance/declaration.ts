import { readFileSync } from 'node:fs';
import { type Declaration, readDeclaration } from '@bluetap/conformance';
import { ExitCode, Failure } from '../process/exit-code.js';

/** Reads the file of `--declare`. @throws Failure (exit code 64) that says what is wrong with it. */
export function declarationOf(file: string): Declaration {
  const named = `--declare: ${JSON.stringify(file)}`;
  const fail = (what: string, cause: unknown) => new Failure(ExitCode.USAGE, `${named} ${what}.`, { cause });
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw fail(`cannot be read: ${(cause as Error).message}`, cause);
  }
  let given: unknown;
  try {
    given = JSON.parse(content);
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`, cause);
  }
  try {
    return readDeclaration(given);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw fail(`is wrong: ${cause.message.replace(/\.$/, '')}`, cause);
  }
}
