import { show } from '../printable.js';

/** The rule for the value of an option. */
export interface OptionRule {
  /** The rule in words, after "must": "be true or false". */
  readonly must: string;
  /** Returns true if a value keeps the rule. Accepts any value. */
  readonly holds: (value: unknown) => boolean;
}

/** One rule for each option. A name without a rule is not an option. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule };

/** An option that breaks its rule, or a name that is not an option. */
export interface OptionProblem {
  /** The name of the option, or `options` if the options are not an object. */
  readonly name: string;
  /** The rule and the value that broke it. */
  readonly message: string;
}

/** The longest time of a timer, in milliseconds. */
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
/** The value must be an object and not null. An array is an object. */
export const anObject: OptionRule = {
  must: 'be an object',
  holds: (value) => typeof value === 'object' && value !== null,
};
/** The value must be a number of milliseconds that a timer accepts: 1 to 2147483647. */
export const milliseconds: OptionRule = {
  must: `be a number of milliseconds from 1 to ${LONGEST_MS}`,
  holds: (value) => typeof value === 'number' && value >= 1 && value <= LONGEST_MS,
};
/** The value must be an AbortSignal, or have the methods addEventListener and removeEventListener. */
export const anAbortSignal: OptionRule = {
  must: 'be an AbortSignal',
  holds: (value) => hasFunctions(value, ['addEventListener', 'removeEventListener']),
};
/** The value must have the three methods of `Clock`. */
export const aClock: OptionRule = {
  must: 'be a clock with now, setTimeout and clearTimeout',
  holds: (value) => hasFunctions(value, ['now', 'setTimeout', 'clearTimeout']),
};

/** Returns true if a value has functions with all these names. Accepts any value. */
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
 * Returns every option that breaks its rule, or an empty array. An option that is undefined is absent, but null is a
 * value. An unknown name is a problem, because a misspelt option would otherwise be ignored. Accepts any value and
 * never throws.
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
    add('options', 'cannot be read: reading an option throws an error');
  }
  return problems;
}

/**
 * Checks the options of a function or constructor, such as a transport or a client.
 * @param where The name of the function, as a person writes it: "hid()".
 * @throws TypeError that names every option that breaks its rule.
 */
export function checkOptions<Options>(where: string, given: unknown, rules: OptionRules<Options>): void {
  const problems = optionProblems(given, rules);
  if (problems.length === 0) return;
  throw new TypeError(`${where}: ${problems.map(({ name, message }) => `${name} ${message}`).join('; ')}`);
}
