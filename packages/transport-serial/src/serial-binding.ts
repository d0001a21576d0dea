import { isMainThread } from 'node:worker_threads';
import { TransportError } from '@bluetap/transport';
import { loaded } from '@bluetap/transport/kit';
import { LIBRARY } from './errors.js';
import type { PortPoller } from './mend-poller.js';
import { type SerialPortInfo, usbPorts } from './usb-ports.js';

/**
 * What is used of serialport 13: the binding underneath its stream, which queues no write past a close and gives no event. A
 * test can stand in for it, and no type of it reaches a declaration.
 */
export interface SerialBinding {
  list(): Promise<readonly SerialPortInfo[]>;
  open(options: { path: string; baudRate: number }): Promise<SerialPortHandle>;
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
  const binding = loaded(SerialPort as unknown as { binding: SerialBinding }, 'binding', LIBRARY.name).binding;
  return {
    list: async () => (process.platform === 'linux' ? usbPorts() : binding.list()),
    async open(options) {
      if (!isMainThread) throw onWorkerThread(options.path);
      return binding.open(options);
    },
  };
}

/**
 * serialport 13 waits for a port on the event loop of the main thread, whichever thread has opened it: a reply is lost there, or
 * ends the whole process.
 */
function onWorkerThread(path: string): TransportError {
  const way = 'open it on the main thread, or in a process of its own (child_process.fork), or use hid() or usb()';
  return new TransportError('io', `the serial port ${path} cannot be opened in a worker thread: ${way}`);
}
