import type { Emulator } from '@bluetap/emulator';

/**
 * What a person can do to a device, by the name in a command. The cashier can move the cable, and the shopper can tap a
 * phone.
 */
const ACTIONS = {
  unplug: (emulator: Emulator) => emulator.unplug(),
  plug: (emulator: Emulator) => emulator.plug(),
  'power-cycle': (emulator: Emulator) => emulator.powerCycle(),
  tap: (emulator: Emulator) => emulator.tap(),
} as const;

type Action = keyof typeof ACTIONS;

/** The answer to a command, which is an event of `emulate --json`. `id` is the `id` of the command, if it had one. */
export type CommandEvent =
  | { readonly event: 'done'; readonly do: Action; readonly id?: unknown }
  | { readonly event: 'error'; readonly message: string; readonly id?: unknown };

const KEYS: ReadonlyMap<string, Action> = new Map([
  ['u', 'unplug'],
  ['p', 'plug'],
  ['c', 'power-cycle'],
  ['t', 'tap'],
]);
export const KEYS_HELP = 'u, p, c or t and Enter: unplug, plug in, power-cycle, tap a phone on it';

/** Obeys a key that a person typed: u, p, c or t. It applies to all devices. Other input is ignored. */
export function obeyKey(line: string, emulators: readonly Emulator[]): void {
  const action = KEYS.get(line.trim().toLowerCase());
  if (action) for (const emulator of emulators) ACTIONS[action](emulator);
}

/**
 * Obeys a line of JSON: `{"do":"unplug"}`, `plug`, `power-cycle` or `tap`. `serial` selects the device with this serial
 * number. Without it, the command applies to all devices. The action is complete when this function returns.
 */
export function obeyJson(line: string, emulators: readonly Emulator[]): CommandEvent {
  const command = parse(line);
  if (!command) return refusal('not a JSON object', undefined);
  const { do: action, serial, id, ...rest } = command;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return refusal(`a command has no field ${JSON.stringify(unknown)}`, id);
  if (!isAction(action)) {
    return refusal(`"do" must be one of ${Object.keys(ACTIONS).join(', ')}, but is ${JSON.stringify(action)}`, id);
  }
  const chosen = emulators.filter(({ snapshot }) => serial === undefined || snapshot.serialNumber === serial);
  if (chosen.length === 0) return refusal(`no device has the serial number ${JSON.stringify(serial)}`, id);
  for (const emulator of chosen) ACTIONS[action](emulator);
  return { event: 'done', do: action, ...(id !== undefined && { id }) };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isAction(value: unknown): value is Action {
  return typeof value === 'string' && Object.hasOwn(ACTIONS, value);
}

function refusal(message: string, id: unknown): CommandEvent {
  return { event: 'error', message, ...(id !== undefined && { id }) };
}
