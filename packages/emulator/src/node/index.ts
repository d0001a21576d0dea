/**
 * The listeners of an emulated device that need Node: TCP and unix sockets, a pseudo-terminal, and a USB device through
 * USB/IP.
 *
 * @packageDocumentation
 */

export { type ListenAddress, listen } from '../listeners/listen.js';
export type { Listener } from '../listeners/listener.js';
export { openPty, type PtyOptions } from '../listeners/pty.js';
export { parseTcpAddress, type TcpAddress } from '../listeners/tcp-address.js';
export { type ExportedDevice, exportUsb, type UsbExport } from '../listeners/usbip/export-usb.js';
export type { FunctionName, Transfers } from '../listeners/usbip/usb-device.js';
