import type { FunctionName } from '@bluetap/emulator/node';
import type { Clock, Transport } from '@bluetap/transport';
import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { usb } from '@bluetap/transport-usb';

/** A transport, and the name of the function of the device that it uses. */
export interface TransportUnderTest {
  readonly name: 'HID' | 'USB' | 'serial';
  readonly functionName: FunctionName;
  readonly make: (options?: { readonly clock?: Clock }) => Transport;
}

// The guest needs some seconds to load their native modules for the first time.
const timeoutMs = 30_000;

export const transports: readonly TransportUnderTest[] = [
  { name: 'HID', functionName: 'hid', make: (options) => hid({ timeoutMs, ...options }) },
  { name: 'USB', functionName: 'bulk', make: (options) => usb({ timeoutMs, ...options }) },
  { name: 'serial', functionName: 'cdc', make: (options) => serial({ timeoutMs, ...options }) },
];
