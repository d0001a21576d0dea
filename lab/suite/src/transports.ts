import type { FunctionName } from '@bluetap/emulator/node';
import type { Clock, Transport } from '@bluetap/transport';
import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { usb } from '@bluetap/transport-usb';

/** A transport, and the name of its function in the device. */
export interface TransportUnderTest {
  readonly name: 'HID' | 'USB' | 'serial';
  readonly functionName: FunctionName;
  readonly make: (options?: { readonly clock?: Clock }) => Transport;
}

// Their native modules take seconds to be read for the first time in the guest.
const timeoutMs = 30_000;

export const transports: readonly TransportUnderTest[] = [
  { name: 'HID', functionName: 'hid', make: (options) => hid({ timeoutMs, ...options }) },
  { name: 'USB', functionName: 'bulk', make: (options) => usb({ timeoutMs, ...options }) },
  { name: 'serial', functionName: 'cdc', make: (options) => serial({ timeoutMs, ...options }) },
];
