/**
 * `serial()`: the transport over a serial port, such as the CDC-ACM function of a device. docs/protocol.md section 7.
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
 * The transport over a serial port, with serialport. The port is the CDC-ACM function of the USB device, or any port
 * with a path.
 *
 * The first `list` or `open` loads serialport. So the import never fails. The transport opens ports on the main thread
 * only.
 * @throws TypeError that names every option that is wrong.
 */
export function serial(options?: SerialOptions): Transport {
  return serialOn(process.platform, options);
}
