import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { usb } from '@bluetap/transport-usb';

/** @typedef {{ clock?: import('@bluetap/transport').Clock }} Options */

// Their native modules take seconds to be read for the first time in the guest.
const timeoutMs = 30_000;

/**
 * The transports under test, each with the name of its function in the device.
 * @type {readonly { name: string, functionName: 'hid' | 'bulk' | 'cdc', make: (options?: Options) => import('@bluetap/transport').Transport }[]}
 */
export const transports = [
  { name: 'HID', functionName: 'hid', make: (options) => hid({ timeoutMs, ...options }) },
  { name: 'USB', functionName: 'bulk', make: (options) => usb({ timeoutMs, ...options }) },
  { name: 'serial', functionName: 'cdc', make: (options) => serial({ timeoutMs, ...options }) },
];
