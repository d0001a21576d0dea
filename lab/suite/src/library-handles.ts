// Opens a device with the library of a transport, as a program without the SDK does.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Nodes } from './kernel-devices.js';
import type { TransportUnderTest } from './transports.js';

/** An open device. */
export interface Handle {
  /** Resolves with the next bytes. */
  read(): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<unknown>;
  close(): Promise<unknown>;
}

/** The part of node-hid that this file uses. */
interface NodeHid {
  readonly HIDAsync: { open(path: string): Promise<HidHandle> };
}
interface HidHandle {
  on(event: 'data', listener: (report: Uint8Array) => void): void;
  on(event: 'error', listener: () => void): void;
  write(report: Uint8Array): Promise<unknown>;
  close(): Promise<void>;
}

/** The part of usb that this file uses. */
interface NodeUsb {
  readonly usb: { getDevices(): Promise<readonly UsbDevice[]> };
}
interface UsbDevice {
  readonly vendorId: number;
  readonly address: number;
  open(): Promise<void>;
  close(): Promise<void>;
  claimInterface(number: number): Promise<void>;
  releaseInterface(number: number): Promise<void>;
  transferIn(endpoint: number, length: number, timeout: number): Promise<{ readonly data: DataView }>;
  transferOut(endpoint: number, data: Uint8Array, timeout: number): Promise<unknown>;
}

/** The part of serialport that this file uses. */
interface NodeSerialPort {
  readonly SerialPort: {
    readonly binding: { open(options: { path: string; baudRate: number }): Promise<SerialHandle> };
  };
}
interface SerialHandle {
  set(options: { dtr: boolean; rts: boolean }): Promise<void>;
  read(buffer: Buffer, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
  write(buffer: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Returns the library that a transport uses: the same copy. */
function load(transport: string, library: string): unknown {
  return createRequire(fileURLToPath(import.meta.resolve(`@bluetap/transport-${transport}`)))(library);
}

/** For each transport: a function that opens a device with the library of the transport. */
export const openHandle: Readonly<Record<TransportUnderTest['name'], (nodes: Nodes) => Promise<Handle>>> = {
  async HID({ hidraw }) {
    const handle = await (load('hid', 'node-hid') as NodeHid).HIDAsync.open(hidraw);
    let take: (report: Uint8Array) => void = () => {};
    handle.on('error', () => {});
    handle.on('data', (report) => take(report));
    await new Promise((resolve) => setImmediate(resolve));
    return {
      read: () =>
        new Promise((resolve) => {
          take = resolve;
        }),
      write: (bytes) => {
        const report = Buffer.alloc(65);
        report.set(bytes, 1);
        return handle.write(report);
      },
      close: () => handle.close(),
    };
  },
  async USB({ usb }) {
    const found = await (load('usb', 'usb') as NodeUsb).usb.getDevices();
    const address = Number(usb.split('/').at(-1));
    const device = found.find((each) => each.vendorId === 0x1209 && each.address === address);
    if (!device) throw new Error(`usb lists no device with the address ${address}`);
    await device.open();
    await device.claimInterface(1);
    return {
      read: async () => {
        const { data } = await device.transferIn(2, 64, 60_000);
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      },
      write: (bytes) => device.transferOut(2, bytes, 60_000),
      close: async () => {
        await device.releaseInterface(1);
        await device.close();
      },
    };
  },
  async serial({ tty }) {
    const { binding } = (load('serial', 'serialport') as NodeSerialPort).SerialPort;
    const port = await binding.open({ path: tty, baudRate: 115200 });
    await port.set({ dtr: true, rts: true });
    const buffer = Buffer.alloc(4096);
    return {
      read: async () => {
        const { bytesRead } = await port.read(buffer, 0, buffer.length);
        return Uint8Array.from(buffer.subarray(0, bytesRead));
      },
      write: (bytes) => port.write(Buffer.from(bytes)),
      close: () => port.close(),
    };
  },
};
