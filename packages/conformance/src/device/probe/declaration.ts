import type { TapSource } from '@bluetap/protocol';
import { TAP_SOURCES } from '@bluetap/protocol/tools';
import { aBoolean, checkOptions, milliseconds, type OptionRule, type OptionRules } from '@bluetap/transport/kit';

/** The names of the functions of a USB device. docs/protocol.md section 7. */
export type DeclaredFunction = 'hid' | 'bulk' | 'cdc';

/** What a device has, as the file of `--declare` says it. Everything is optional. */
export interface Declaration {
  /** The functions of USB that the device has. The report names each of them that the run has not used. */
  readonly functions?: readonly DeclaredFunction[] | undefined;
  /** True if the device notices that a host closes its connection. Absent: the run finds it out. */
  readonly noticesClosing?: boolean | undefined;
  /** What the device counts as a tap. It must be what the device tells as its tap source. R-57. */
  readonly taps?: TapSource | undefined;
  /** True if the hook can break and repair the NFC part. */
  readonly nfcFaultSwitch?: boolean | undefined;
  /** The longest time of a power cycle, until the device answers again, in milliseconds. Default 10000. */
  readonly resetMs?: number | undefined;
}

/** The transport that reaches each function, by the first letters of its name. */
const TRANSPORTS: Readonly<Record<DeclaredFunction, string>> = { hid: 'hid', bulk: 'usb', cdc: 'serial' };

/** The functions that were declared and that none of the transports of a run uses, one sentence for each. */
export function unusedFunctions({ functions = [] }: Declaration, transports: readonly string[]): string[] {
  return functions
    .filter((each) => !transports.some((name) => name.startsWith(TRANSPORTS[each])))
    .map((each) => `the function ${each} was not used: run it again with a transport "${TRANSPORTS[each]}"`);
}

const FUNCTIONS: readonly unknown[] = ['hid', 'bulk', 'cdc'] satisfies DeclaredFunction[];
const SOURCES: readonly unknown[] = TAP_SOURCES;

const someFunctions: OptionRule = {
  must: 'be an array with one or more of "hid", "bulk" and "cdc", each once',
  holds: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => FUNCTIONS.includes(each)) &&
    new Set(value).size === value.length,
};

const RULES: OptionRules<Declaration> = {
  functions: someFunctions,
  noticesClosing: aBoolean,
  taps: { must: 'be "read", "field" or "none"', holds: (value) => SOURCES.includes(value) },
  nfcFaultSwitch: aBoolean,
  resetMs: milliseconds,
};

/**
 * Checks what a file of `--declare` says.
 * @param given The parsed JSON of the file.
 * @throws TypeError that names each property that is unknown or breaks its rule.
 */
export function readDeclaration(given: unknown): Declaration {
  if (given === undefined) throw new TypeError('the declaration: must be an object, but is undefined');
  checkOptions('the declaration', given, RULES);
  return { ...(given as Declaration) };
}
