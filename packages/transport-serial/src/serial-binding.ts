import type { PortPoller } from './mend-poller.js';
import { usbPorts } from './usb-ports.js';

/**
 * What is used of serialport 13: the binding underneath its stream, which queues no write past a close and gives no event. A
 * test can stand in for it, and no type of it reaches a declaration.
 */
export interface SerialBinding {
  list(): Promise<readonly SerialPortInfo[]>;
  open(options: { path: string; baudRate: number }): Promise<SerialPortHandle>;
}

export interface SerialPortInfo {
  readonly path: string;
  /** Four hexadecimal digits. */
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

export interface SerialPortHandle {
  /** Waits for at least one byte. */
  read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number }>;
  write(buffer: Buffer): Promise<void>;
  set(options: { dtr: boolean; rts: boolean }): Promise<void>;
  /** On Linux and macOS. */
  readonly poller?: PortPoller;
  /** Ends the read under way. */
  close(): Promise<void>;
}

/** Loads serialport itself, its native part included. */
export async function loadSerialBinding(): Promise<SerialBinding> {
  const { SerialPort } = await import('serialport');
  const binding = SerialPort.binding as unknown as SerialBinding;
  if (process.platform !== 'linux') return binding;
  return { list: async () => usbPorts(), open: (options) => binding.open(options) };
}
