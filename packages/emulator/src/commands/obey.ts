import { CommandError } from './command-error.js';
import { COMMANDS, type CommandRow } from './command-rows.js';
import type { DeviceControl } from './device-control.js';
import { checkParameters, type ParameterValues } from './parameters.js';

const VERBS = COMMANDS.map(({ verb }) => verb);

/** What a command did to a device. */
export interface Performed {
  /** The answer, as plain data. */
  readonly answer: object;
  /** The parameters, with the defaults of those that were not given. */
  readonly parameters: ParameterValues;
  /** False if the command only reads. */
  readonly changes: boolean;
}

/**
 * Does one command to one device, and tells what it did. Everything has happened when it returns.
 * @throws CommandError that says what is wrong and what is right. Then nothing was done.
 */
export function perform(device: DeviceControl, verb: string, parameters: ParameterValues = {}): Performed {
  const row = rowOf(verb);
  if (!row) throw unknownVerb(`there is no command ${JSON.stringify(verb)}: there are ${VERBS.join(', ')}`);
  const values = checkParameters(row.verb, row.parameters, parameters);
  return { answer: run(row, device, values), parameters: values, changes: !row.reads };
}

/**
 * Does one command to one device, as `perform` does.
 * @returns The answer of the command, as plain data.
 * @throws CommandError that says what is wrong and what is right. Then nothing was done.
 */
export function obey(device: DeviceControl, verb: string, parameters: ParameterValues = {}): object {
  return perform(device, verb, parameters).answer;
}

/** What became of a command in JSON. */
export interface Obeyed {
  /** The verb. */
  readonly do: string;
  /** The parameters, with the defaults of those that were not given. */
  readonly parameters: ParameterValues;
  /** False if the command only reads. */
  readonly changes: boolean;
  /** The answer of each device, by its serial number. */
  readonly answers: Readonly<Record<string, object>>;
}

/**
 * Does a command that is one JSON object: `{"do":"tap","serial":"EMU-0001"}`. `do` is the verb and `serial` the serial
 * number of a device; without `serial` the command is for all devices. The other members are the parameters. A member
 * `id` is left alone.
 * @throws CommandError. Then nothing was done to any device, unless a device refuses after another device has obeyed.
 */
export function obeyJson(devices: readonly DeviceControl[], command: unknown): Obeyed {
  if (typeof command !== 'object' || command === null || Array.isArray(command))
    throw new CommandError('not-a-command', 'not a JSON object');
  const { do: verb, serial, id: _, ...parameters } = command as Record<string, unknown>;
  const row = rowOf(verb);
  if (!row) throw unknownVerb(`"do" must be one of ${VERBS.join(', ')}, but is ${JSON.stringify(verb)}`);
  const values = checkParameters(row.verb, row.parameters, parameters);
  const chosen = devices.filter(({ serialNumber }) => serial === undefined || serialNumber === serial);
  if (chosen.length === 0) throw unknownDevice(serial, devices);
  const answers = chosen.map((device) => [device.serialNumber, run(row, device, values)]);
  return { do: row.verb, parameters: values, changes: !row.reads, answers: Object.fromEntries(answers) };
}

/** The error of a serial number that no device has. */
export function unknownDevice(serial: unknown, devices: readonly DeviceControl[]): CommandError {
  const allowed = devices.map(({ serialNumber }) => serialNumber);
  const message = `no device has the serial number ${JSON.stringify(serial)}: there is ${allowed.join(', ')}`;
  return new CommandError('unknown-device', message, { allowed });
}

function rowOf(verb: unknown): CommandRow | undefined {
  return COMMANDS.find((each) => each.verb === verb);
}

function unknownVerb(message: string): CommandError {
  return new CommandError('unknown-verb', message, { allowed: VERBS });
}

function run(row: CommandRow, device: DeviceControl, values: ParameterValues): object {
  if (device.emulator.closed)
    throw new CommandError('device-closed', `the device ${device.serialNumber} was closed: it takes no commands`);
  return row.run(device, values);
}
