import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceInfo } from '@bluetap/transport';
import { libraries } from '../devices/libraries.js';
import type { Listing } from '../devices/listing.js';
import { version } from '../process/version.js';
import { barrierOf, isContainer, type Known } from './access.js';
import { isClaimed, nodeOf } from './device-node.js';
import type { Finding } from './finding.js';
import { groupsOf } from './group.js';
import { type Holder, type OpenNodes, openNodes } from './holders.js';
import { type Machine, thisMachine } from './machine.js';
import { installedRule } from './udev-rule.js';
import { INSTALL_RULE } from './udev-rules.js';

/** The findings, and their summary. */
export interface Examination {
  readonly findings: readonly Finding[];
  /** False if every transport fails, or if devices are attached and none of them can be opened. */
  readonly usable: boolean;
}

/**
 * Finds what works on this machine, and what to do about the rest. It opens no device, so no POS loses its session. It
 * never throws: if the system does not let it examine something, a finding says so.
 */
export function examine(listings: readonly Listing[], machine: Machine = thisMachine()): Examination {
  const linux = machine.platform === 'linux';
  const known: Known = {
    machine,
    rule: linux ? installedRule(machine.ruleFolders) : undefined,
    groups: linux ? groupsOf(machine.groupFile) : [],
  };
  const attached = listings.flatMap((listing) => ('devices' in listing ? listing.devices : []));
  const open = linux && attached.length > 0 ? openNodes(machine) : undefined;
  const found = listings.map((listing) => findingsOf(listing, known, open));
  const devices = found.flatMap((each, at) => ('devices' in listings[at]! ? each : []));
  return {
    findings: [
      { verdict: 'ok', what: 'bluetap', found: version() },
      { verdict: 'ok', what: 'Node', found: `${process.version} on ${process.platform} ${process.arch}` },
      { verdict: 'ok', what: 'libraries', found: libraries().join(', ') },
      ...(linux ? [...usbFindings(machine), ruleFinding(known)] : []),
      ...found.flat(),
      ...(open ? processFindings(open, machine) : []),
      ...(attached.length > 0 && isContainer(machine) ? [CONTAINER] : []),
    ],
    // The finding of a transport without a device is a note, so it is not counted here.
    usable:
      listings.some((listing) => 'devices' in listing) &&
      (attached.length === 0 || attached.length > devices.filter(({ verdict }) => verdict === 'bad').length),
  };
}

/** Why a system can hide an attached HID device. The issues of node-hid say this. It was not tried. */
const HIDDEN_HID: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'if a device is attached: allow this program under System Settings, Privacy & Security, Input Monitoring',
};

/** A container can forbid a device although its node exists. Only an attempt to open the device would show this. */
const CONTAINER: Finding = {
  verdict: 'note',
  what: 'container',
  found: 'this is a container; programs outside of it are not visible here',
  advice: 'if a device is ok in this list but still cannot be opened: start the container with --device=PATH',
};

function findingsOf(listing: Listing, known: Known, open: OpenNodes | undefined): readonly Finding[] {
  const what = listing.transport;
  if ('error' in listing) return [{ verdict: 'bad', what, found: listing.error.code, advice: listing.error.message }];
  const { devices } = listing;
  if (devices.length > 0) return devices.map((device) => deviceFinding(what, device, known, open));
  const advice = what === 'hid' ? HIDDEN_HID[known.machine.platform] : undefined;
  return [{ verdict: 'note', what, found: 'works; no device is attached', ...(advice && { advice }) }];
}

function deviceFinding(what: string, device: DeviceInfo, known: Known, open: OpenNodes | undefined): Finding {
  const { id, serialNumber = id, path = id } = device;
  const found = `${serialNumber} at ${path}`;
  const node = nodeOf(device, known.machine);
  if (node === undefined) return { verdict: 'ok', what, found };
  const barrier = barrierOf(node, known);
  if (barrier) return { verdict: barrier.gone ? 'note' : 'bad', what, found, advice: barrier.advice };
  const { verdict, advice } = held(what, node, known.machine, open?.holdersOf(node) ?? []);
  return { verdict, what, found, ...(advice && { advice }) };
}

/**
 * Returns the verdict if other programs have the node open. Several programs can open a HID device. Only one program at
 * a time can use a USB interface or a serial port.
 */
function held(
  what: string,
  node: string,
  machine: Machine,
  holders: readonly Holder[],
): Pick<Finding, 'verdict' | 'advice'> {
  const claimed = what === 'usb' ? isClaimed(node, machine) : undefined;
  const names = holders.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
  if (claimed && holders.length === 0) {
    return {
      verdict: 'bad',
      advice: 'another program holds it, and this user cannot see which: sudo bluetap doctor names it',
    };
  }
  if (holders.length === 0 || claimed === false) return { verdict: 'ok' };
  if (what === 'hid') {
    return {
      verdict: 'note',
      advice: `also open in ${names}: two programs take the session from each other, so use one at a time`,
    };
  }
  return {
    verdict: 'bad',
    advice: `held by ${names}: only one program at a time can use it, so end that program first`,
  };
}

function usbFindings({ sys }: Machine): readonly Finding[] {
  if (existsSync(join(sys, 'bus/usb/devices'))) return [];
  const advice = 'in a container, share /dev and /sys';
  return [{ verdict: 'note', what: 'USB', found: 'this machine has none', advice }];
}

function ruleFinding({ rule, groups, machine }: Known): Finding {
  const what = 'udev rule';
  if (!rule) {
    const where = isContainer(machine) ? ', for the machine outside of this container' : '';
    return { verdict: 'note', what, found: 'not installed', advice: `bluetap udev-rules prints it${where}` };
  }
  const { file, keepsModemManagerAway } = rule;
  const missing = rule.groups.find((name) => !groups.some((each) => each.name === name));
  if (missing !== undefined) {
    const advice = `it is for the group ${missing}, which does not exist on this machine: sudo groupadd --system ${missing}`;
    return { verdict: 'note', what, found: file, advice };
  }
  if (keepsModemManagerAway) return { verdict: 'ok', what, found: file };
  return { verdict: 'note', what, found: file, advice: `it lets ModemManager probe the serial port: ${INSTALL_RULE}` };
}

function processFindings({ seen }: OpenNodes, { proc, user }: Machine): readonly Finding[] {
  const what = 'processes';
  if (seen === 'all') return [];
  if (seen === 'none') return [{ verdict: 'note', what, found: `not examined, because ${proc} cannot be read` }];
  const found = 'this user may not examine all of them; a hidden process may hold a device';
  const advice = user.uid === 0 ? undefined : 'sudo bluetap doctor examines all of them';
  return [{ verdict: 'note', what, found, ...(advice && { advice }) }];
}
