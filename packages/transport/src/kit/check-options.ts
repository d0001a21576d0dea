import { show } from '../printable.js';

/** What the value of an option must be. */
export interface OptionRule {
  /** In words, after "must": "be true or false". */
  readonly must: string;
  /** Whether a value keeps the rule. Takes anything. */
  readonly holds: (value: unknown) => boolean;
}

/** A rule for each option that there is; a name without one is no option. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule };

/** One option that breaks its rule, or a name that is no option. */
export interface OptionProblem {
  /** The option's name; `options` when the options are no object at all. */
  readonly name: string;
  /** The rule and the value that broke it. */
  readonly message: string;
}

/** The longest time that a timer can count. */
const LONGEST_MS = 2147483647;

/** The value must be true or false. */
export const aBoolean: OptionRule = { must: 'be true or false', holds: (value) => typeof value === 'boolean' };
/** The value must be a function. */
export const aFunction: OptionRule = { must: 'be a function', holds: (value) => typeof value === 'function' };
/** The value must be a string of at least one character. */
export const aString: OptionRule = {
  must: 'be a string that is not empty',
  holds: (value) => typeof value === 'string' && value !== '',
};
/** The value must be an object and not null. An array is one. */
export const anObject: OptionRule = {
  must: 'be an object',
  holds: (value) => typeof value === 'object' && value !== null,
};
/** The value must be a number of milliseconds that a timer can count: 1 to 2147483647. */
export const milliseconds: OptionRule = {
  must: `be a number of milliseconds from 1 to ${LONGEST_MS}`,
  holds: (value) => typeof value === 'number' && value >= 1 && value <= LONGEST_MS,
};
/** The value must be an AbortSignal, or have its two methods for listeners. */
export const anAbortSignal: OptionRule = {
  must: 'be an AbortSignal',
  holds: (value) => hasFunctions(value, ['addEventListener', 'removeEventListener']),
};
/** The value must have the three methods of `Clock`. */
export const aClock: OptionRule = {
  must: 'be a clock with now, setTimeout and clearTimeout',
  holds: (value) => hasFunctions(value, ['now', 'setTimeout', 'clearTimeout']),
};

/** Whether a value has functions with all these names. Takes anything and never throws. */
export function hasFunctions(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function');
}

/** The value must be a whole number from `smallest` to `largest`, both included. */
export function aWholeNumber(smallest: number, largest: number): OptionRule {
  return {
    must: `be a whole number from ${smallest} to ${largest}`,
    holds: (value) => Number.isInteger(value) && (value as number) >= smallest && (value as number) <= largest,
  };
}

/**
 * Every option that breaks its rule; empty when all is well. An option that is undefined is absent; null is a value, and an
 * unknown name is a mistake: a misspelt option would be lost in silence. Takes anything and never throws.
 */
export function optionProblems<Options>(given: unknown, rules: OptionRules<Options>): readonly OptionProblem[] {
  const problems: OptionProblem[] = [];
  const add = (name: string, message: string) => problems.push({ name, message });
  try {
    if (given === undefined) return problems;
    if (typeof given !== 'object' || given === null || Symbol.iterator in given) {
      add('options', `must be an object with named options, but is ${show(given)}`);
      return problems;
    }
    const options = given as Record<string, unknown>;
    for (const [name, rule] of Object.entries<OptionRule>(rules)) {
      const value = options[name];
      if (value !== undefined && !rule.holds(value)) add(name, `must ${rule.must}, but is ${show(value)}`);
    }
    for (const name of Object.keys(options)) {
      if (!Object.hasOwn(rules, name)) add(name, `is not an option here; these are: ${Object.keys(rules).join(', ')}`);
    }
  } catch {
    add('options', 'cannot be read: looking at them throws');
  }
  return problems;
}

/**
 * For what is made with options: a transport, a client.
 * @param where What takes them, as a person would write it: "hid()".
 * @throws TypeError that names every option that breaks its rule.
 */
export function checkOptions<Options>(where: string, given: unknown, rules: OptionRules<Options>): void {
  const problems = optionProblems(given, rules);
  if (problems.length === 0) return;
  throw new TypeError(`${where}: ${problems.map(({ name, message }) => `${name} ${message}`).join('; ')}`);
}
