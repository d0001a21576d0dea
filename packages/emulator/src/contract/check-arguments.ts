import { TAP_SOURCES } from '@bluetap/protocol/tools';
import { aWholeNumber, checkOptions, type OptionRule } from '@bluetap/transport/kit';

/** Rules for the arguments of the emulator's functions. */
export const aByte = aWholeNumber(0, 255);
export const aCount: OptionRule = {
  must: 'be a whole number, 0 or more, or Infinity',
  holds: (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && (value as number) >= 0),
};
export const aTime: OptionRule = {
  must: 'be a number of milliseconds from 0 to 2147483647',
  holds: (value) => typeof value === 'number' && value >= 0 && value <= 2147483647,
};
export const aText: OptionRule = { must: 'be a string', holds: (value) => typeof value === 'string' };
export const anyBytes: OptionRule = { must: 'be bytes, a Uint8Array', holds: ArrayBuffer.isView };
export const aPower: OptionRule = {
  must: "be 'kept' or 'lost'",
  holds: (value) => value === 'kept' || value === 'lost',
};
export const aTapSource: OptionRule = {
  must: `be one of ${TAP_SOURCES.join(', ')}`,
  holds: (value) => (TAP_SOURCES as readonly unknown[]).includes(value),
};

const TYPES: readonly unknown[] = ['HELLO', 'PAY', 'CANCEL', 'STATUS', 'LINK'];
const aType: OptionRule = { must: `be one of ${TYPES.join(', ')}`, holds: (value) => TYPES.includes(value) };

/**
 * Checks the arguments of a ready-made behaviour.
 * @param options The last argument: an object with `type` and the options that have a rule.
 * @param positional The arguments before `options`, by name. Each must be present.
 * @returns `options`.
 * @throws TypeError that names the argument that breaks its rule.
 */
export function checkArguments<Options extends object>(
  behaviour: string,
  options: Options,
  rules: Readonly<Record<string, OptionRule>>,
  positional: Readonly<Record<string, unknown>> = {},
): Options {
  const where = `${behaviour}()`;
  for (const [name, value] of Object.entries(positional)) {
    const { must, holds } = rules[name]!;
    if (value === undefined) throw new TypeError(`${where}: ${name} must ${must}, but is undefined`);
    if (!holds(value)) checkOptions(where, { [name]: value }, { [name]: rules[name]! });
  }
  const named = Object.entries(rules).filter(([name]) => !Object.hasOwn(positional, name));
  checkOptions<Record<string, unknown>>(where, options, { type: aType, ...Object.fromEntries(named) });
  return options;
}
