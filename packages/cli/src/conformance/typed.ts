import { RULES, type RuleId } from '@bluetap/conformance';
import { readDevice } from '../input/options.js';
import { ExitCode, Failure } from '../process/exit-code.js';

/** The options of `bluetap conformance` as they were typed. */
export interface TypedConformance {
  readonly transport?: string;
  readonly device?: string;
  readonly second?: string;
  readonly declare?: string;
  readonly hook?: string;
  readonly ask?: true;
  readonly exhaustive?: true;
  readonly host?: true;
  readonly lines?: true;
  readonly only?: readonly string[];
  readonly list?: true;
  /** True without a file: for stdout. */
  readonly json?: string | true;
  readonly junit?: string;
}

/** The options that describe a device. */
const OF_DEVICE = ['transport', 'device', 'second', 'declare', 'hook', 'ask', 'exhaustive'] as const;

/**
 * Checks that the options fit together.
 * @param program COMMAND and its arguments.
 * @throws Failure (exit code 64) that says which do not.
 */
export function checkTyped(typed: TypedConformance, program: readonly string[]): void {
  const { host, lines, hook, ask, list } = typed;
  const problem = host ? ofHost(typed, program) : undefined;
  if (problem) throw usage(problem);
  if (!host && lines) throw usage('--lines needs --host.');
  if (!host && program.length > 0) throw usage('A COMMAND is a host: write --host before "--".');
  if (list && typeof typed.json === 'string') throw usage('--list prints to stdout: give --json without a file.');
  if (hook !== undefined && ask) throw usage('Give either --hook or --ask.');
  if (hook?.trim() === '') throw usage('--hook must be a command, but is "".');
  readDevice(typed.device);
  if (typed.second === 'emulator')
    throw usage('--second emulator would be another device: name a transport to the same device.');
  if (ask && !list && !(process.stdin.isTTY && process.stderr.isTTY))
    throw usage('--ask needs a terminal, for its prompts and for the answers. Without one, use --hook COMMAND.');
}

function ofHost(typed: TypedConformance, program: readonly string[]): string | undefined {
  const wrong = OF_DEVICE.find((name) => typed[name] !== undefined);
  if (wrong !== undefined) return `--${wrong} is for a device, and --host judges a host. Give only one of them.`;
  if (program.length === 0 && !typed.list) return 'Say which host: --host -- COMMAND [ARGUMENT...].';
  return undefined;
}

/** A case as `--list` tells it. */
export interface ListedCase {
  readonly name: string;
  readonly rules: readonly RuleId[];
}

/**
 * Returns the rules of `--only`; undefined means all.
 * @param cases The cases that this run can have.
 * @throws Failure (exit code 64) for a rule that does not exist, or that no case proves. A run without a case would end
 * with exit code 0 and would have shown nothing.
 */
export function readOnly(
  { only, host }: TypedConformance,
  cases: readonly ListedCase[],
): readonly RuleId[] | undefined {
  const here = host ? 'host' : 'device';
  return only?.map((id) => {
    const rule = RULES.find((each) => each.id === id);
    if (!rule)
      throw usage(`There is no rule ${JSON.stringify(id)}: the rules are ${RULES[0]!.id} to ${RULES.at(-1)!.id}.`);
    if (cases.some(({ rules }) => rules.includes(rule.id))) return rule.id;
    const { side } = rule;
    const why = side === 'both' || side === here ? '' : `, because it is a rule for ${WHERE[side]}`;
    throw usage(`No case of this run proves ${rule.id}${why}. --list shows the cases.`);
  });
}

const WHERE = { host: 'hosts: add --host', device: 'devices: leave out --host' } as const;

function usage(message: string): Failure {
  return new Failure(ExitCode.USAGE, `${message}\nTry: bluetap conformance --help`);
}
