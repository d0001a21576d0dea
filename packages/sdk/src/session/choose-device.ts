import type { DeviceInfo } from '@bluetap/transport';
import { callBack, printable, show } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import { ResultCode } from '../common/types.js';

/** Which device: its serial number or the transport's id, or a function that says yes to it. */
export type DeviceFilter = string | ((device: DeviceInfo) => boolean);

/**
 * The one device to open. Never picks one of several: a POS that pays on its neighbour's device is worse than one that
 * asks for a serial number.
 * @throws BlueTapError DEVICE_DISCONNECTED that says what was found instead.
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
 * What the program's filter says. Anything but a yes or a no is refused: a promise would pass for a yes to every device.
 * @throws BlueTapError PARAM_ILLEGAL; what the filter throws.
 */
function says(filter: (device: DeviceInfo) => unknown, device: DeviceInfo): boolean {
  // A copy: what the program makes of it changes nothing of what is opened.
  const answer = filter({ ...device });
  if (typeof answer === 'boolean') return answer;
  // If it is a promise that fails, that is not the program's end.
  callBack(
    () => answer,
    () => {},
  );
  const text = `The device filter must answer true or false, and at once, but gave ${show(answer)} for ${describe(device)}.`;
  throw new BlueTapError(ResultCode.PARAM_ILLEGAL, text);
}

/** Both come from the device. */
function describe({ serialNumber, id }: DeviceInfo): string {
  return printable(serialNumber ? `${serialNumber} (${id})` : id);
}
