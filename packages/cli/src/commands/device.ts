import { BEHAVIOURS, COMMANDS, type DeviceView, type Parameter } from '@bluetap/emulator/commands';
import { Command } from 'commander';
import { askControl, type ControlAddress, readControlAddress } from '../device/control-client.js';
import { readParameters } from '../device/parameters.js';
import { inFull, SHORT_VERBS } from '../device/short-verbs.js';
import { readDevice, valueOption } from '../input/options.js';
import { printJson } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';

interface DeviceOptions {
  readonly control?: string;
  readonly device?: string;
}

const isBehaviour = (verb: string) => BEHAVIOURS.some((row) => row.verb === verb);

const HELP = `
Commands:
${COMMANDS.filter(({ verb }) => !isBehaviour(verb))
  .map(entry)
  .join('\n')}

Commands that make the device do something wrong next:
${COMMANDS.filter(({ verb }) => isBehaviour(verb))
  .map(entry)
  .join('\n')}

Short for a command:
${Object.entries(SHORT_VERBS)
  .map(([short, full]) => `  ${short.padEnd(8)}${full.join(' ')}`)
  .join('\n')}

The answer is one line of JSON. Parameters in brackets are optional.

Examples:
  bluetap emulate --tcp 127.0.0.1:4000 --control 127.0.0.1:4100
  export BLUETAP_CONTROL='http://127.0.0.1:4100/#token=...'
  bluetap device lose-replies times=1 type=PAY
  bluetap device tap
  bluetap device export-state > state.json
  bluetap device import-state state="$(cat state.json)"`;

export function deviceCommand(): Command {
  return new Command('device')
    .summary('steer an emulated device that another process runs')
    .description(
      'Steer an emulated device: tap a phone on it, unplug it, lose its replies. "bluetap emulate --control" runs the device and prints the address.',
    )
    .usage('[options] VERB [NAME=VALUE...]')
    .argument('<verb...>', 'what to do, and its parameters')
    .addOption(valueOption('--control <address>', 'the address with the token (default: BLUETAP_CONTROL)'))
    .addOption(
      valueOption('--device <serial>', 'the serial number of the device; needed if the service has several devices'),
    )
    .addHelpText('after', HELP)
    .action(async (words: string[], { control, device }: DeviceOptions) => {
      const [verb, ...typed] = inFull(words);
      const address = readControlAddress(control);
      const parameters = readParameters(verb, typed);
      const serial = readDevice(device) ?? (await onlyDevice(address));
      const path = `/v1/devices/${encodeURIComponent(serial)}/${encodeURIComponent(verb)}`;
      const { ok, body } = await askControl(address, path, parameters);
      if (!ok) throw refused(body);
      printJson(body);
    });
}

/** Returns the serial number of the only device. @throws Failure (exit code 64) that lists them if there are several. */
async function onlyDevice(address: ControlAddress): Promise<string> {
  const { ok, body } = await askControl(address, '/v1');
  if (!ok) throw refused(body);
  const serials = (body as { devices: readonly DeviceView[] }).devices.map(({ snapshot }) => snapshot.serialNumber);
  const [first, ...others] = serials;
  if (first !== undefined && others.length === 0) return first;
  throw new Failure(ExitCode.USAGE, `There are several devices: give --device with one of ${serials.join(', ')}.`);
}

/** The exit codes of refusals that are not a wrong parameter. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  'unknown-verb': ExitCode.USAGE,
  'unknown-device': ExitCode.DEVICE_DISCONNECTED,
  'device-closed': ExitCode.DEVICE_DISCONNECTED,
  'no-token': ExitCode.USAGE,
};

function refused(body: unknown): Failure {
  const { code = '', message = 'the service refused the command' } = (body as { error?: Refusal }).error ?? {};
  return new Failure(EXIT_CODES[code] ?? ExitCode.PARAM_ILLEGAL, message);
}

interface Refusal {
  readonly code?: string;
  readonly message?: string;
}

/** The lines of one command in the help. */
function entry({ verb, summary, parameters }: (typeof COMMANDS)[number]): string {
  const names = parameters.map((each) => (each.required ? argumentOf(each) : `[${argumentOf(each)}]`));
  return [...wrapped([verb, ...names].join(' '), '  ', '    '), ...wrapped(summary, '      ')].join('\n');
}

function argumentOf({ name, choices, type }: Parameter): string {
  return `${name}=${choices ? choices.join('|') : { integer: 'N', hex: 'HEX', object: 'JSON', string: 'TEXT' }[type]}`;
}

/** Breaks a text into lines of at most 80 columns. @param more The indent of every line but the first. */
function wrapped(line: string, indent: string, more = indent): string[] {
  const lines: string[] = [];
  let current = indent;
  for (const word of line.split(' ')) {
    const longer = current.trim() === '' ? current + word : `${current} ${word}`;
    if (longer.length > 80) lines.push(current);
    current = longer.length > 80 ? more + word : longer;
  }
  return [...lines, current];
}
