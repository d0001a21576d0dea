/**
 * `hid()`: the transport over USB HID. docs/protocol.md section 7.
 *
 * @packageDocumentation
 */

import type { Transport } from '@bluetap/transport';
import { type HidOptions, hidOn } from './hid.js';

export type { HidOptions } from './hid.js';
export type { HidEntry, HidHandle, NodeHid } from './node-hid.js';

/**
 * BlueTap over USB HID, by node-hid. No driver is needed on any system; on Linux the udev rule is.
 *
 * node-hid and what it needs of the system are loaded by the first `list` or `open`: importing never fails.
 * @throws TypeError that names every option that is wrong
 */
export function hid(options?: HidOptions): Transport {
  return hidOn(process.platform, options);
}
