import { CommandError, type DeviceControl, obeyJson } from '@bluetap/emulator/commands';
import type { Control } from './control.js';

/** The answer to a command, which is an event of `emulate --json`. `id` is the `id` of the command, if it had one. */
export type CommandEvent =
  | {
      readonly event: 'done';
      readonly do: string;
      /** The answer of each device, by its serial number. */
      readonly answers: Readonly<Record<string, object>>;
      readonly id?: unknown;
    }
  | ({ readonly event: 'error'; readonly message: string; readonly id?: unknown } & Partial<
      ReturnType<CommandError['toJSON']>
    >);

const KEYS: ReadonlyMap<string, string> = new Map([
  ['u', 'unplug'],
  ['p', 'plug'],
  ['c', 'power-cycle'],
  ['t', 'tap'],
]);
export const KEYS_HELP = 'u, p, c or t and Enter: unplug, plug in, power-cycle, tap a phone on it';

/** Does to all devices what a person typed: u, p, c or t. Ignores everything else. */
export function obeyKey(line: string, devices: readonly DeviceControl[], control?: Pick<Control, 'obeyed'>): void {
  const verb = KEYS.get(line.trim().toLowerCase());
  if (verb === undefined) return;
  const obeyed = obeyJson(devices, { do: verb });
  control?.obeyed(obeyed);
}

/**
 * Does what a line of JSON says, such as `{"do":"unplug"}`. Everything has happened when this returns.
 * @param control Is told of the command.
 */
export function obeyLine(
  line: string,
  devices: readonly DeviceControl[],
  control?: Pick<Control, 'obeyed'>,
): CommandEvent {
  const command = parse(line);
  const id = idOf(command);
  try {
    const obeyed = obeyJson(devices, command);
    control?.obeyed(obeyed);
    return { event: 'done', do: obeyed.do, answers: obeyed.answers, ...id };
  } catch (error) {
    if (error instanceof CommandError) return { event: 'error', ...error.toJSON(), ...id };
    throw error;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function idOf(command: unknown): { readonly id?: unknown } {
  const { id } = Object(command) as { id?: unknown };
  return id === undefined ? {} : { id };
}
