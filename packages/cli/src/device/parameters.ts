import { COMMANDS, type Parameter } from '@bluetap/emulator/commands';
import { wholeNumber } from '../input/options.js';
import { ExitCode, Failure } from '../process/exit-code.js';

/**
 * Reads parameters that a person typed as NAME=VALUE. The service checks the rules.
 * @throws Failure (exit code 64) for an argument that is not NAME=VALUE, or a name that is given twice.
 */
export function readParameters(verb: string, typed: readonly string[]): Record<string, unknown> {
  const rows = COMMANDS.find((row) => row.verb === verb)?.parameters ?? [];
  const values: Record<string, unknown> = {};
  for (const argument of typed) {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/s.exec(argument) ?? [];
    if (name === undefined || value === undefined) {
      throw usage(`A parameter is written NAME=VALUE, but ${JSON.stringify(argument)} is not.`);
    }
    if (Object.hasOwn(values, name)) throw usage(`The parameter ${name} is given more than once.`);
    const row = rows.find((each) => each.name === name);
    values[name] = row ? convert(row, value) : value;
  }
  return values;
}

function convert({ name, type }: Parameter, value: string): unknown {
  if (type === 'integer') return wholeNumber(value);
  if (type !== 'object') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw usage(`The parameter ${name} must be JSON, but is ${JSON.stringify(value)}.`);
  }
}

function usage(text: string): Failure {
  return new Failure(ExitCode.USAGE, `${text}\nTry: bluetap device --help`);
}
