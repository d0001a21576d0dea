import { COMMANDS, CommandError, checkParameters, type ParameterValues } from '@bluetap/emulator/commands';

/** A step of a scenario. */
export interface ScenarioStep {
  /** The number of its line in the file, from 1. */
  readonly line: number;
  /** The event that it waits for: each member must be equal. Absent: it waits for no event. */
  readonly on?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds that it waits after that event, or after the step before it. */
  readonly after: number;
  /** The verb. */
  readonly do: string;
  /** The serial number of a device; absent: all devices. */
  readonly serial?: string | undefined;
  /** The parameters of the command, checked. */
  readonly parameters: ParameterValues;
}

const LONGEST_MS = 2147483647;

/**
 * Reads a scenario: a line of JSON for each step. Empty lines and lines that start with # are left out.
 * @param serials The serial numbers of the devices.
 * @throws Error that names every line that is wrong, and what is right there.
 */
export function parseScenario(text: string, serials: readonly string[]): readonly ScenarioStep[] {
  const problems: string[] = [];
  const steps = text.split(/\r?\n/).flatMap((line, index) => {
    if (/^\s*(?:#.*)?$/.test(line)) return [];
    try {
      return [stepOf(line, index + 1, serials)];
    } catch (error) {
      problems.push(`line ${index + 1}: ${(error as Error).message}`);
      return [];
    }
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  if (steps.length === 0) throw new Error('there is no step: write one JSON object per line');
  return steps;
}

function stepOf(text: string, line: number, serials: readonly string[]): ScenarioStep {
  const { on, after = 0, do: verb, serial, ...given } = objectOf(text);
  if (
    on !== undefined &&
    (typeof on !== 'object' || on === null || typeof (on as { event?: unknown }).event !== 'string')
  )
    throw new Error('"on" must be an object with the name of an event: {"event":"tap"}');
  if (typeof after !== 'number' || !(after >= 0 && after <= LONGEST_MS))
    throw new Error(
      `"after" must be a number of milliseconds from 0 to ${LONGEST_MS}, but is ${JSON.stringify(after)}`,
    );
  if (serial !== undefined && !serials.includes(serial as string))
    throw new Error(`no device has the serial number ${JSON.stringify(serial)}: there is ${serials.join(', ')}`);
  const row = COMMANDS.find((each) => each.verb === verb);
  if (!row) {
    const verbs = COMMANDS.map((each) => each.verb).join(', ');
    throw new Error(`"do" must be one of ${verbs}, but is ${JSON.stringify(verb)}`);
  }
  const parameters = checkParameters(row.verb, row.parameters, given);
  return { line, on: on as ScenarioStep['on'], after, do: row.verb, serial: serial as string | undefined, parameters };
}

function objectOf(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CommandError('not-a-command', 'it is not a JSON object');
}
