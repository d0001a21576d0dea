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

/** Finds the interface by its class, never by its number. Undefined if there is no such interface. */
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

/** The id says where the device is attached. Two identical devices have two ids. The id changes at a replug. */
export function idOf({ bus, address }: UsbDevice): string {
  return `usb:${bus}:${address}`;
}

/**
 * The answer of a question to the device. Undefined if the library gets no answer, because this user may not open the
 * device.
 */
function asked<T>(question: () => T): T | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

/**
 * Undefined if the library cannot read the configurations. Then only `open` reports the reason. At each call, the
 * library asks the device for the names of its interfaces.
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
