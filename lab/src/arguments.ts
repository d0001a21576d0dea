// What the command line says. Pure: words in, options out.
import { parseArgs } from 'node:util';

/** Wrong words on the command line; the message is for the person who wrote them. */
export class UsageError extends Error {}

/** What the command line asks for. */
export interface Options {
  readonly help: boolean;
  /** Shows the kernel's console. */
  readonly verbose: boolean;
  /** For the whole run, in seconds. */
  readonly timeout: number;
  /** Of the guest, in MiB. */
  readonly memory: number;
  /** `NAME=VALUE`, or `NAME` for the value that it has here. */
  readonly environment: readonly string[];
  /** Debian packages that the command needs besides. */
  readonly packages: readonly string[];
  /** The folder whose files are kept. */
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

Runs COMMAND on a Debian kernel of its own, which has USB/IP, in this folder and with this machine's files. What it
writes is thrown away. Its output and its exit code are those of this command.

  --timeout SECONDS    for the whole run, the preparation included (${defaults.timeout})
  --memory MIB         of the guest (${defaults.memory})
  --env NAME[=VALUE]   a variable for the command, besides the usual ones, CI* and BLUETAP_*; repeatable
  --package NAME       a Debian package that COMMAND needs; repeatable
  --out FOLDER         what is written to this folder is kept
  --verbose            shows the guest's console on stderr
  --help

Exit codes of its own: 2 wrong arguments, 124 out of time, 125 the guest could not be prepared or died.`;

/**
 * Options end at the first word that is none, so that the command's own are left alone.
 * @throws UsageError
 */
export function parseArguments(words: readonly string[]): Options {
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find(({ kind }) => kind !== 'option');
  const { values } = parseStrictly(words.slice(0, end?.index));
  const command = end ? words.slice(end.kind === 'option-terminator' ? end.index + 1 : end.index) : [];
  const { help, verbose, timeout, memory, env = [], package: packages = [], out } = values;
  if (!help && !command[0]) throw new UsageError('Which command? Example: npm run lab -- uname -a');
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
    // A timer counts milliseconds in 31 bits.
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
