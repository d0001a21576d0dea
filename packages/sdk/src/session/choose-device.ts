import type { DeviceInfo } from '@bluetap/transport';
import { callBack, printable, show } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import { ResultCode } from '../common/types.js';

/** The device to use: its serial number, its id in the transport, or a function that returns true for it. */
export type DeviceFilter = string | ((device: DeviceInfo) => boolean);

/**
 * Returns the one device to open. It never chooses one of several devices, because a POS that pays on the wrong device
 * is worse than a POS that asks for a serial number.
 * @throws BlueTapError DEVICE_DISCONNECTED that lists the devices that were found.
 */
export function chooseDevice(
  devices: readonly DeviceInfo[],
  filter: DeviceFilter | undefined,
  where: string,
): DeviceInfo {
  const named = devices.filter((device) => device.id === filter);
  const found = named.length > 0 ? named : devices.filter((device) => fits(device, filter));
  if (found.length === 1) return found[0]!;
  const wanted =
    typeof filter === 'string'
      ? ` with the serial number or id ${show(filter)}`
      : filter
        ? ' that the filter accepts'
        : '';
  if (found.length === 0) {
    const others =
      devices.length > 0
        ? ` Found: ${devices.map(describe).join(', ')}. Correct the option "device".`
        : ' Check its cable and its power.';
    throw new BlueTapError(ResultCode.DEVICE_DISCONNECTED, `${where}: no BlueTap device${wanted}.${others}`);
  }
  throw new BlueTapError(
    ResultCode.DEVICE_DISCONNECTED,
    `${where}: ${found.length} BlueTap devices${wanted}: ${found.map(describe).join(', ')}. Choose one by its serial number (option "device").`,
  );
}

/** A serial number that is not known before a session is checked after HELLO. */
function fits(device: DeviceInfo, filter: DeviceFilter | undefined): boolean {
  if (filter === undefined) return true;
  if (typeof filter === 'function') return says(filter, device);
  return (device.serialNumber ?? filter) === filter;
}

/**
 * Returns the answer of the program's filter. Only true and false are accepted, because a promise would count as true
 * for every device.
 * @throws BlueTapError PARAM_ILLEGAL, or the error of the filter.
 */
function says(filter: (device: DeviceInfo) => unknown, device: DeviceInfo): boolean {
  // A copy, so that a change by the program does not change the device that is opened.
  const answer = filter({ ...device });
  if (typeof answer === 'boolean') return answer;
  // If the value is a promise that rejects, the rejection must not end the program.
  callBack(
    () => answer,
    () => {},
  );
  const text = `The device filter must return true or false, not a promise, but returned ${show(answer)} for ${describe(device)}.`;
  throw new BlueTapError(ResultCode.PARAM_ILLEGAL, text);
}

/** Both values come from the device, so they are made printable. */
function describe({ serialNumber, id }: DeviceInfo): string {
  return printable(serialNumber ? `${serialNumber} (${id})` : id);
}
