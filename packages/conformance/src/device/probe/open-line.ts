import type { DeviceInfo, Transport } from '@bluetap/transport';
import { TransportError } from '@bluetap/transport';
import { printable, show } from '@bluetap/transport/kit';
import { DeviceGone } from './outcomes.js';
import { type LineParts, RawLine } from './raw-line.js';
import { LATE } from './run-clock.js';

/** The longest time of a list of devices. */
const LIST_MS = 3000;

/**
 * Opens the device through a transport. It never chooses one of several.
 * @param wanted Its serial number or its id in the transport; undefined if there is only one.
 * @throws DeviceGone
 */
export async function openLine(
  number: number,
  transport: Transport,
  wanted: string | undefined,
  parts: LineParts,
): Promise<RawLine> {
  try {
    const devices = await parts.clock.within(transport.list(), LIST_MS);
    if (devices === LATE) throw new DeviceGone(`${transport.name} did not list its devices in ${LIST_MS} ms`);
    return await RawLine.open(number, transport, choose(devices, wanted, transport.name), parts);
  } catch (error) {
    throw error instanceof TransportError ? new DeviceGone(error.message) : error;
  }
}

function choose(devices: readonly DeviceInfo[], wanted: string | undefined, where: string): DeviceInfo {
  const named = devices.filter(({ id }) => id === wanted);
  const fitting = devices.filter(({ serialNumber }) => wanted === undefined || (serialNumber ?? wanted) === wanted);
  const found = named.length > 0 ? named : fitting;
  if (found.length === 1) return found[0]!;
  const which = wanted === undefined ? '' : ` with the serial number or id ${show(wanted)}`;
  if (found.length > 1) {
    const names = found.map(({ id, serialNumber }) => serialNumber ?? id).join(', ');
    throw new DeviceGone(printable(`${where}: ${found.length} devices${which}: ${names}; choose one with "device"`));
  }
  throw new DeviceGone(`${where}: no device${which}; check its cable and its power`);
}
