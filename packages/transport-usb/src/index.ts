/**
 * `usb()`: the transport over the bulk endpoints of the vendor-specific USB interface. docs/protocol.md section 7.
 *
 * @packageDocumentation
 */

import type { Transport } from '@bluetap/transport';
import { type UsbOptions, usbOn } from './usb.js';

export type {
  NodeUsb,
  UsbBus,
  UsbConfiguration,
  UsbDevice,
  UsbEndpoint,
  UsbInResult,
  UsbInterface,
  UsbOutResult,
  UsbSetup,
} from './node-usb.js';
export type { UsbOptions } from './usb.js';

/**
 * The transport over the vendor-specific USB interface, with the package usb. Linux needs the udev rule. On Windows,
 * the descriptors of the device request the driver.
 *
 * The first `list` or `open` loads usb. So the import never fails.
 * @throws TypeError that names every option that is wrong.
 */
export function usb(options?: UsbOptions): Transport {
  return usbOn(process.platform, options);
}
