import type { DeviceInfo } from '@bluetap/transport';
import { Command } from 'commander';
import { type Listing, listAll } from '../devices/listing.js';
import { hardware as attached, type Hardware, PATIENT_MS, TRANSPORTS, transportFor } from '../devices/transport.js';
import { readTimeout, valueOption } from '../input/options.js';
import { print, printJson, styles } from '../output/output.js';
import { columns } from '../output/table.js';
import { lines, type Text, text } from '../output/text.js';

export function listCommand(hardware: Hardware = attached): Command {
  return new Command('list')
    .summary('show the devices that are attached')
    .description(
      'Show the devices that are attached, for every transport. It asks the operating system only, and takes no session.',
    )
    .addOption(valueOption('--transport <transport>', `only this one: ${TRANSPORTS}`))
    .addOption(
      valueOption('--timeout <ms>', `the time limit for each transport in milliseconds (default: ${PATIENT_MS})`),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
One device can be in the list of several transports. It has the same serial
number there. A transport that fails, or does not answer in time, has a row of
its own. The exit code is 0 in that case too.

Example:
  bluetap list --json`,
    )
    .action(async ({ transport: text, timeout, json }: { transport?: string; timeout?: string; json?: true }) => {
      const timeoutMs = readTimeout(timeout) ?? PATIENT_MS;
      const chosen = text === undefined ? undefined : transportFor(text, { timeoutMs, hardware });
      const listings = await listAll(chosen ? [chosen.transport] : hardware(timeoutMs));
      await chosen?.close();
      if (json) printJson({ transports: listings });
      else print(listingText(listings));
    });
}

/** Returns the listings for a person: devices by serial number, then the transports that failed, then what to do. */
export function listingText(listings: readonly Listing[]): Text {
  const { bold, yellow } = styles();
  const rows = listings
    .flatMap((each) => ('devices' in each ? each.devices.map((device) => rowOf(each.transport, device)) : []))
    .sort(([a], [b]) => (a! < b! ? -1 : Number(a! > b!)));
  const failures = listings.filter((each) => 'error' in each);
  const shown: (string | Text)[] = [];
  if (rows.length > 0) {
    const [heading, ...devices] = columns([['SERIAL NUMBER', 'PRODUCT', 'FUNCTION', 'PATH', 'TRANSPORT'], ...rows]);
    shown.push(bold(heading!), ...devices);
  } else shown.push(failures.length > 0 ? 'No device was found.' : 'No device is attached.');
  for (const { transport, error } of failures) shown.push(text`${yellow(transport)}: ${error.message}`);
  if (rows.length === 0) {
    shown.push('What to do:       bluetap doctor', 'A device to try:  bluetap emulate --tcp 127.0.0.1:4000');
  }
  return lines(shown);
}

const SIMULATED = '(simulated)';

function rowOf(transport: string, device: DeviceInfo): readonly string[] {
  const { id, serialNumber = '-', product = '-', interface: usbFunction = '-', path = id, simulated } = device;
  // The product name of an emulated device already ends with "(simulated)".
  const unsaid = simulated && !product.endsWith(SIMULATED);
  return [serialNumber, unsaid ? `${product} ${SIMULATED}` : product, usbFunction, path, transport];
}
