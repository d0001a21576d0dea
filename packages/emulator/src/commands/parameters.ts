import { CommandError } from './command-error.js';

/** A parameter of a command: its name, its rule and its meaning. Plain data, in the words of JSON Schema. */
export interface Parameter {
  /** The name in JSON. In a shell it is an option: `gapMs` is `--gap-ms`. */
  readonly name: string;
  /** `hex` is a string of pairs of hex digits. */
  readonly type: 'string' | 'integer' | 'hex' | 'object';
  /** True if the command fails without the parameter. */
  readonly required?: boolean | undefined;
  /** The lowest number. */
  readonly minimum?: number | undefined;
  /** The highest number. */
  readonly maximum?: number | undefined;
  /** All allowed strings. */
  readonly choices?: readonly string[] | undefined;
  /** The value if the parameter is absent. */
  readonly default?: string | number | undefined;
  /** The meaning, for people: one sentence. */
  readonly description: string;
}

/** The parameters of one command, checked. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/**
 * Checks the parameters of a command and fills in the defaults.
 * @throws CommandError that names the parameter, its rule and the parameters that exist.
 */
export function checkParameters(verb: string, rows: readonly Parameter[], given: ParameterValues): ParameterValues {
  const names = rows.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownParameter(verb, unknown, names);
  const values: Record<string, unknown> = {};
  for (const row of rows) {
    const value = given[row.name] ?? row.default;
    if (value === undefined) {
      if (!row.required) continue;
      const message = `${verb} needs the parameter "${row.name}", which must ${ruleOf(row)}`;
      throw new CommandError('missing-parameter', message, { parameter: row.name });
    }
    if (!holds(row, value)) {
      const message = `the parameter "${row.name}" of ${verb} must ${ruleOf(row)}, but is ${JSON.stringify(value)}`;
      throw new CommandError('bad-parameter', message, { parameter: row.name, allowed: row.choices });
    }
    values[row.name] = value;
  }
  return values;
}

/** The rule of a parameter in words, after "must". */
export function ruleOf({ type, choices, minimum, maximum }: Parameter): string {
  if (choices) return `be one of ${choices.join(', ')}`;
  if (type === 'integer') return `be a whole number from ${minimum} to ${maximum}`;
  if (type === 'hex') return 'be bytes as pairs of hex digits';
  return type === 'object' ? 'be an object' : 'be a string';
}

function holds({ type, choices, minimum = 0, maximum = 0 }: Parameter, value: unknown): boolean {
  if (choices) return choices.includes(value as string);
  if (type === 'integer')
    return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
  if (type === 'hex') return typeof value === 'string' && /^(?:[0-9a-f]{2})+$/i.test(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === 'string';
}

function unknownParameter(verb: string, name: string, names: readonly string[]): CommandError {
  const these = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  return new CommandError('unknown-parameter', `${verb} has no parameter ${JSON.stringify(name)}: ${these}`, {
    parameter: name,
    allowed: names,
  });
}
