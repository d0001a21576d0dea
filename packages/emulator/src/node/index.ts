/** The doors of an emulated device that need Node: sockets, a pseudo-terminal, and a USB port by USB/IP. */
export { type ExportedDevice, exportUsb, type UsbExport } from '../usbip/export-usb.js';
export type { DoorKind, Transfers } from '../usbip/usb-device.js';
export type { Door } from './door.js';
export { type ListenAddress, listen } from './listen.js';
export { openPty, type PtyOptions } from './pty.js';
