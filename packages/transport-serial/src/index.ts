/**
 * `serial()`: the transport over a serial port, such as the CDC-ACM interface of a device. docs/protocol.md section 7.
 *
 * @packageDocumentation
 */

import type { Transport } from '@bluetap/transport';
import { type SerialOptions, serialOn } from './serial.js';

export type { PortPoller } from './mend-poller.js';
export type { SerialOptions } from './serial.js';
export type { SerialBinding, SerialPortHandle } from './serial-binding.js';
export type { SerialPortInfo } from './usb-ports.js';

/**
 * BlueTap over a serial port: the CDC-ACM function of its USB, or any port with a path, by serialport.
 *
 * serialport is loaded by the first `list` or `open`: importing never fails. It opens ports on the main thread only.
 * @throws TypeError that names every option that is wrong
 */
export function serial(options?: SerialOptions): Transport {
  return serialOn(process.platform, options);
}
