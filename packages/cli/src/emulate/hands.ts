import type { Emulator } from '@bluetap/emulator';

/**
 * What hands can do to a device while it runs, by the name in a command: the POS's with the cable, the shopper's with a
 * phone.
 */
const ACTIONS = {
  unplug: (emulator: Emulator) => emulator.unplug(),
  plug: (emulator: Emulator) => emulator.plug(),
  'power-cycle': (emulator: Emulator) => emulator.powerCycle(),
  tap: (emulator: Emulator) => emulator.tap(),
} as const;

type Action = keyof typeof ACTIONS;

/** What became of a command: an event beside those of the emulator. `id` is that of the command, if it had one. */
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

/** Does what a person typed to all devices: u, p, c or t. Anything else is nothing. */
export function obeyKey(line: string, emulators: readonly Emulator[]): void {
  const action = KEYS.get(line.trim().toLowerCase());
  if (action) for (const emulator of emulators) ACTIONS[action](emulator);
}

/**
 * Does what a line of JSON says: `{"do":"unplug"}`, `plug`, `power-cycle` or `tap`; with `serial` to the device of that
 * serial number, else to all. Whatever was to happen has happened when this returns.
 */
export function obeyJson(line: string, emulators: readonly Emulator[]): CommandEvent {
  const command = parse(line);
  if (!command) return refusal('not a JSON object', undefined);
  const { do: action, serial, id, ...rest } = command;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return refusal(`a command has no ${JSON.stringify(unknown)}`, id);
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
