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
 * The transport over USB HID, with node-hid. No system needs a driver. Linux needs the udev rule.
 *
 * The first `list` or `open` loads node-hid and the system libraries that it needs. So the import never fails.
 * @throws TypeError that names every option that is wrong.
 */
export function hid(options?: HidOptions): Transport {
  return hidOn(process.platform, options);
}
