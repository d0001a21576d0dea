import type { DeviceInfo } from '@bluetap/transport';
import { deviceText, knownSerialNumber } from '@bluetap/transport/kit';
import type { UsbDevice } from './node-usb.js';

/** The vendor-specific interface with its two bulk endpoints. docs/protocol.md section 7. */
export interface BulkInterface {
  readonly configuration: number;
  readonly number: number;
  readonly input: number;
  readonly output: number;
}

const VENDOR_SPECIFIC = 0xff;

/** Found by its class, never by its number; undefined when there is none. */
export function bulkInterfaceOf(configurations: UsbDevice['configurations']): BulkInterface | undefined {
  for (const { configurationValue, interfaces } of configurations) {
    for (const { interfaceNumber, alternate } of interfaces) {
      if (alternate.interfaceClass !== VENDOR_SPECIFIC) continue;
      const bulk = alternate.endpoints.filter(({ type }) => type === 'bulk');
      const input = bulk.find(({ direction }) => direction === 'in')?.endpointNumber;
      const output = bulk.find(({ direction }) => direction === 'out')?.endpointNumber;
      if (input === undefined || output === undefined) continue;
      return { configuration: configurationValue, number: interfaceNumber, input, output };
    }
  }
  return undefined;
}

/** Two identical devices have two: it names where the device is attached, and is another one after a replug. */
export function idOf({ bus, address }: UsbDevice): string {
  return `usb:${bus}:${address}`;
}

/** What the library asks the device for, and may not get from one that this user may not open. */
function asked<T>(question: () => T): T | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

/**
 * Undefined where the device does not let itself be described: then only opening it tells why. Each time that this is asked,
 * the library asks the device for the names of its interfaces.
 */
export function configurationsOf(device: UsbDevice): UsbDevice['configurations'] | undefined {
  return asked(() => device.configurations);
}

export function infoOf(device: UsbDevice): DeviceInfo {
  const { bus, address } = device;
  const serialNumber = knownSerialNumber(asked(() => device.serialNumber));
  const productName = deviceText(asked(() => device.productName));
  return {
    id: idOf(device),
    path: `bus ${bus} address ${address}`,
    ...(serialNumber && { serialNumber }),
    ...(productName && { product: productName }),
    interface: 'vendor bulk',
  };
}
