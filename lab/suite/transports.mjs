import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { usb } from '@bluetap/transport-usb';

/** @typedef {{ clock?: import('@bluetap/transport').Clock }} Options */

// Their native modules take seconds to be read for the first time in the guest.
const timeoutMs = 30_000;

/**
 * The transports under test, each with the name of its door in the device.
 * @type {readonly { name: string, door: 'hid' | 'bulk' | 'cdc', make: (options?: Options) => import('@bluetap/transport').Transport }[]}
 */
export const transports = [
  { name: 'HID', door: 'hid', make: (options) => hid({ timeoutMs, ...options }) },
  { name: 'USB', door: 'bulk', make: (options) => usb({ timeoutMs, ...options }) },
  { name: 'serial', door: 'cdc', make: (options) => serial({ timeoutMs, ...options }) },
];
