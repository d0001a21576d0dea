import { isMainThread } from 'node:worker_threads';
import { TransportError } from '@bluetap/transport';
import { loaded } from '@bluetap/transport/kit';
import { LIBRARY } from './errors.js';
import type { PortPoller } from './mend-poller.js';
import { type SerialPortInfo, usbPorts } from './usb-ports.js';

/**
 * The used part of serialport 13: the binding below its stream. Unlike the stream, it keeps no write after a close and
 * emits no events. With this interface, a test can replace serialport, and no type of serialport is in a declaration
 * file.
 */
export interface SerialBinding {
  /** Lists the serial ports of the system. An empty list is a valid answer. */
  list(): Promise<readonly SerialPortInfo[]>;
  /** Opens the port with this path. `baudRate` is in baud. */
  open(options: { path: string; baudRate: number }): Promise<SerialPortHandle>;
}

/** One open serial port. Each call rejects if the port fails. */
export interface SerialPortHandle {
  /** Reads at most `length` bytes into `buffer`, starting at `offset`. Waits for at least one byte. */
  read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{
    /** How many bytes were read into `buffer`, starting at `offset`. */
    bytesRead: number;
  }>;
  /** Resolves when the system has taken all bytes. */
  write(buffer: Buffer): Promise<void>;
  /** Sets two lines of the port. With them, a host says that it is there (DTR) and that it can receive (RTS). */
  set(options: { dtr: boolean; rts: boolean }): Promise<void>;
  /** Only on Linux and macOS. */
  readonly poller?: PortPoller | undefined;
  /** Closes the port. Ends the read under way. */
  close(): Promise<void>;
}

/** Loads the real serialport, with its native part. */
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
 * The error for a worker thread. serialport 13 waits for a port on the event loop of the main thread, even if another
 * thread has opened the port. Then a reply is lost, or ends the whole process.
 */
function onWorkerThread(path: string): TransportError {
  const way = 'open it on the main thread, or in a separate process (child_process.fork), or use hid() or usb()';
  return new TransportError('io', `the serial port ${path} cannot be opened in a worker thread: ${way}`);
}
