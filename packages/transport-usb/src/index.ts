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
 * BlueTap over its vendor-specific USB interface, by usb. On Linux it needs the udev rule; on Windows the device's own
 * descriptors bring the driver.
 *
 * usb is loaded by the first `list` or `open`: importing never fails.
 * @throws TypeError that names every option that is wrong
 */
export function usb(options?: UsbOptions): Transport {
  return usbOn(process.platform, options);
}
