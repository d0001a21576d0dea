// Reads the command line. Pure: takes words, and returns options.
import { parseArgs } from 'node:util';

/** The command line is wrong. The message is for the person who wrote the command line. */
export class UsageError extends Error {}

/** The options of the command line. */
export interface Options {
  readonly help: boolean;
  /** True if the lab shows the console of the kernel. */
  readonly verbose: boolean;
  /** The time limit of the whole run, in seconds. */
  readonly timeout: number;
  /** The memory of the guest, in MiB. */
  readonly memory: number;
  /** `NAME=VALUE`, or `NAME` for the value that the variable has on this machine. */
  readonly environment: readonly string[];
  /** Further Debian packages that the command needs. */
  readonly packages: readonly string[];
  /** The folder in which the command can keep files. */
  readonly results: string | undefined;
  readonly command: readonly string[];
}

const defaults = { timeout: '300', memory: '2048' };

const options = {
  help: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  timeout: { type: 'string', default: defaults.timeout },
  memory: { type: 'string', default: defaults.memory },
  env: { type: 'string', multiple: true },
  package: { type: 'string', multiple: true },
  out: { type: 'string' },
} as const;

export const usage = `npm run lab -- [OPTION...] COMMAND [ARGUMENT...]

Runs COMMAND on its own Debian kernel, which supports USB/IP. COMMAND runs in
this folder and sees the files of this machine. It cannot change them: the files
that it writes are lost at the end. The lab prints the output of COMMAND, and
ends with its exit code.

  --timeout SECONDS    the time limit of the whole run, with the
                       preparation (${defaults.timeout})
  --memory MIB         the memory of the guest (${defaults.memory})
  --env NAME[=VALUE]   a further variable for COMMAND. COMMAND always gets the
                       usual variables, CI* and BLUETAP_*. Repeatable
  --package NAME       a Debian package that COMMAND needs. Repeatable
  --out FOLDER         the lab keeps the files that COMMAND writes here
  --verbose            shows the console of the guest on stderr
  --help               shows this text

Exit codes of the lab: 2 wrong arguments, 124 the time is over, 125 the guest
could not be prepared or ended early.`;

/**
 * Reads the options and the command. The options end at the first word that is not an option, so that the options of
 * the command stay unchanged.
 * @throws UsageError if the words are wrong.
 */
export function parseArguments(words: readonly string[]): Options {
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find(({ kind }) => kind !== 'option');
  const { values } = parseStrictly(words.slice(0, end?.index));
  const command = end ? words.slice(end.kind === 'option-terminator' ? end.index + 1 : end.index) : [];
  const { help, verbose, timeout, memory, env = [], package: packages = [], out } = values;
  if (!help && !command[0]) throw new UsageError('There is no command to run. Example: npm run lab -- uname -a');
  for (const [index, word] of env.entries())
    if (!/^\w+(=|$)/.test(word))
      throw new UsageError(`--env takes NAME or NAME=VALUE, and number ${index + 1} is neither`);
  for (const name of packages)
    if (!/^[a-z0-9][a-z0-9.+-]+$/.test(name))
      throw new UsageError(`--package takes the name of a Debian package: ${name}`);
  if (out === '') throw new UsageError('--out takes a folder');
  return {
    help,
    verbose,
    // A timer of Node counts milliseconds in 31 bits.
    timeout: readNumber('--timeout', 'seconds', timeout, 2e6),
    memory: readNumber('--memory', 'MiB', memory, 1e6),
    environment: env,
    packages,
    results: out,
    command,
  };
}

function parseStrictly(words: string[]) {
  try {
    return parseArgs({ args: words, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readNumber(option: string, unit: string, text: string, most: number): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new UsageError(`${option} takes ${unit}, a whole number from 1 to ${most}, and not ${JSON.stringify(text)}`);
}
