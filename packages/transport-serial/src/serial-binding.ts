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
  /** The serial ports of the system. An empty list is an answer. */
  list(): Promise<readonly SerialPortInfo[]>;
  /** Opens the port with this path. `baudRate` is in baud. */
  open(options: { path: string; baudRate: number }): Promise<SerialPortHandle>;
}

/** One serial port that is open. Each call rejects when the port fails. */
export interface SerialPortHandle {
  /** Reads at most `length` bytes into `buffer` from `offset` on. Waits for at least one. */
  read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{
    /** How many bytes of `buffer`, from `offset` on, were filled. */
    bytesRead: number;
  }>;
  /** Resolves when the system has taken all bytes. */
  write(buffer: Buffer): Promise<void>;
  /** Sets the two lines by which a host says that it is there (DTR) and can receive (RTS). */
  set(options: { dtr: boolean; rts: boolean }): Promise<void>;
  /** On Linux and macOS. */
  readonly poller?: PortPoller | undefined;
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
