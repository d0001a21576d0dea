import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USB_VENDOR_ID } from '@bluetap/transport';
import { Command } from 'commander';
import { libraries } from '../libraries.js';
import { type Listing, listAll } from '../listing.js';
import { print, printJson, styles } from '../output.js';
import { padded, text } from '../text.js';
import { type Hardware, PATIENT_MS } from '../transport.js';
import { version } from '../version.js';

/** One thing that was looked at. */
export interface Finding {
  readonly verdict: 'ok' | 'note' | 'bad';
  readonly what: string;
  readonly found: string;
  /** What a person can do about it. */
  readonly advice?: string;
}

/** What works here, and what to do about the rest. Opens nothing: no till loses its session. */
export function examine(
  listings: readonly Listing[],
  platform: NodeJS.Platform = process.platform,
): readonly Finding[] {
  const findings: Finding[] = [
    { verdict: 'ok', what: 'bluetap', found: version() },
    { verdict: 'ok', what: 'Node', found: `${process.version} on ${process.platform} ${process.arch}` },
    { verdict: 'ok', what: 'libraries', found: libraries().join(', ') },
  ];
  if (platform === 'linux') findings.push(...linuxFindings());
  for (const listing of listings) findings.push(...findingsOf(listing, platform));
  return findings;
}

/** Why a system shows no HID device although one is attached. Said by node-hid's issues; not tried. */
const HIDDEN_HID: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'if one is: allow this program under System Settings, Privacy & Security, Input Monitoring',
};

function findingsOf(listing: Listing, platform: NodeJS.Platform): readonly Finding[] {
  const what = listing.transport;
  if ('error' in listing) return [{ verdict: 'bad', what, found: listing.error.code, advice: listing.error.message }];
  const { devices } = listing;
  if (devices.length === 0) {
    const advice = what === 'hid' ? HIDDEN_HID[platform] : undefined;
    return [{ verdict: 'note', what, found: 'works; no device is attached', ...(advice && { advice }) }];
  }
  return devices.map(({ id, serialNumber = id, path = id }): Finding => {
    const found = `${serialNumber} at ${path}`;
    if (mayOpen(nodeOf(id, path, platform))) return { verdict: 'ok', what, found };
    const advice = 'this user may not open it: bluetap udev-rules --help';
    return { verdict: 'bad', what, found, advice };
  });
}

function linuxFindings(): readonly Finding[] {
  const findings: Finding[] = [];
  if (!existsSync('/sys/bus/usb/devices')) {
    findings.push({
      verdict: 'note',
      what: 'USB',
      found: 'this machine has none',
      advice: 'in a container, share /dev and /sys',
    });
  }
  const folders = ['/etc/udev/rules.d', '/run/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'];
  const rule = folders.flatMap((folder) => rulesIn(folder)).find((file) => isOurs(file));
  findings.push(
    rule
      ? { verdict: 'ok', what: 'udev rule', found: rule }
      : { verdict: 'note', what: 'udev rule', found: 'not installed', advice: 'bluetap udev-rules prints it' },
  );
  return findings;
}

function rulesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function isOurs(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(`=="${USB_VENDOR_ID.toString(16)}"`);
  } catch {
    return false;
  }
}

/** Where Linux lets this device be opened; undefined where that is no file. */
function nodeOf(id: string, path: string, platform: NodeJS.Platform): string | undefined {
  if (path.startsWith('/dev/')) return path;
  const [, bus, address] = /^usb:(\d+):(\d+)$/.exec(id) ?? [];
  if (bus === undefined || address === undefined || platform !== 'linux') return undefined;
  return `/dev/bus/usb/${bus.padStart(3, '0')}/${address.padStart(3, '0')}`;
}

function mayOpen(node: string | undefined): boolean {
  if (node === undefined) return true;
  try {
    accessSync(node, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export function doctorCommand(hardware: Hardware): Command {
  return new Command('doctor')
    .summary('tell what works here, and what to do about the rest')
    .description('Tell what works on this machine, and what to do about the rest. Opens no device.')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
The exit code is 1 when no transport works, and 0 otherwise.

Example:
  bluetap doctor`,
    )
    .action(async ({ json }: { json?: true }) => {
      const listings = await listAll(hardware(PATIENT_MS));
      const findings = examine(listings);
      if (listings.every((listing) => 'error' in listing)) process.exitCode = 1;
      if (json) return printJson({ findings });
      const { green, yellow, red, dim } = styles();
      const signs = { ok: green('ok  '), note: yellow('note'), bad: red('BAD ') };
      const width = Math.max(...findings.map(({ what }) => what.length));
      for (const { verdict, what, found, advice } of findings) {
        print(text`${signs[verdict]}  ${padded(what, width)}  ${found}`);
        if (advice) print(text`      ${padded('', width)}  ${dim(advice)}`);
      }
    });
}
