import { type AddressInfo, createServer, type Socket } from 'node:net';
import { checkOptions } from '@bluetap/transport/kit';
import { aText } from '../../contract/check-arguments.js';
import type { EmulatedDevice } from '../../contract/emulated-device.js';
import { HostPlaces } from '../host-places.js';
import type { Listener } from '../listener.js';
import { checkEmulator } from '../serve.js';
import { startServer } from '../start-server.js';
import { formatTcpAddress, parseTcpAddress } from '../tcp-address.js';
import { BusDevice as Device } from './bus-device.js';
import { ByteQueue } from './byte-queue.js';
import type { FunctionName, Transfers } from './usb-device.js';
import {
  BUSID_LENGTH,
  devlistReply,
  IMPORT_BUSY,
  IMPORT_NO_DEVICE,
  importRefusal,
  importReply,
  OP_LENGTH,
  OP_REQ_DEVLIST,
  OP_REQ_IMPORT,
  readBusid,
  readOp,
} from './wire.js';

/**
 * One device that a host can attach. If its emulator is unplugged, the device leaves its host. It is not in the list
 * again until the emulator is plugged in.
 */
export interface ExportedDevice {
  /** The device behind this USB device. */
  readonly emulator: EmulatedDevice;
  /** The argument of `usbip attach -b`: "1-1". */
  readonly busid: string;
  /** True while a host has imported the device. */
  readonly imported: boolean;
  /**
   * The number of transfers completed since the export, as a snapshot. `out` counts writes of a host, `in` counts reads
   * of a host.
   */
  readonly transfers: Transfers;
  /** Stalls one direction of a function until the host clears the halt, as a real device with an error does. */
  halt(functionName: FunctionName, direction: 'in' | 'out'): void;
  /**
   * Stops receiving through a function, as a real device that is not ready does. The device answers NAK, and the host's
   * writes wait. Ends when the returned function is called, or when the host releases the device. Does nothing without
   * a host.
   * @param onWaiting Called for each transfer that begins to wait. At this time a test can unplug the device while a
   * host writes.
   */
  nak(functionName: FunctionName, onWaiting?: () => void): () => void;
}

/** The listener of the exported USB devices. Its address is "usbip://127.0.0.1:3240". */
export interface UsbExport extends Listener {
  /** The devices, in the order of the emulators: 1-1, 1-2 and so on. */
  readonly devices: readonly ExportedDevice[];
}

/** The USB/IP port that IANA assigned, on the loopback address. */
const DEFAULT_ADDRESS = '127.0.0.1:3240';

/**
 * The maximum number of hosts that are connected without a device. They read the list, or another host has the device.
 */
const MAX_GUESTS = 64;
/**
 * The time after which the server checks if a silent host still exists. The system of a host that is only silent
 * answers.
 */
const KEEP_ALIVE_MS = 10_000;

/**
 * Exports emulated devices as real USB devices. It starts a USB/IP server. Linux (`usbip attach -r 127.0.0.1 -b 1-1`,
 * module vhci_hcd) or Windows (usbip-win2) can attach each device as if it were plugged in. docs/protocol.md, USB
 * device.
 *
 * An unplug ends the connection of the host that has the device, and the host sees that the device leaves. Until the
 * plug, hosts can neither list nor attach the device. HID and bulk are open when a host has configured the device,
 * because USB does not report which program uses them. The serial port is open from its DTR or first byte until DTR
 * falls, which ends its session. While a host does not fetch the answers, its requests are not read. The server closes
 * with the last of its emulators.
 * @param where HOST:PORT, or a port alone for the loopback address; port 0 lets the system choose a port.
 * @throws TypeError for an argument of a wrong type; RangeError for a malformed address, for no emulator, or for two
 * emulators with the same serial number; TransportError as `listen`.
 */
export async function exportUsb(
  emulators: EmulatedDevice | readonly EmulatedDevice[],
  where: { readonly tcp?: string | undefined } = {},
): Promise<UsbExport> {
  checkOptions('exportUsb()', where, { tcp: aText });
  const { tcp = DEFAULT_ADDRESS } = where;
  for (const emulator of [emulators].flat()) checkEmulator('exportUsb()', emulator);
  const devices = [emulators].flat().map((emulator, at) => new Device(emulator, at + 1));
  checkSerialNumbers(devices);
  const { host, port } = parseTcpAddress(tcp);
  const places = new HostPlaces(devices.length + MAX_GUESTS);
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, (socket) => {
    if (places.take(socket)) serve(socket, devices, () => places.spoke(socket));
  });
  await startServer(server, { host, port }, `usbip://${formatTcpAddress(host, port)}`);
  // If a connection cannot be accepted, only that host fails. The process must not end.
  server.on('error', () => {});
  const bound = server.address() as AddressInfo;

  const unfollow: (() => void)[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      for (const end of unfollow) end();
      for (const device of devices) device.detach();
      server.close(() => resolve());
      places.close();
    });
    return closing;
  };
  try {
    for (const device of devices) unfollow.push(follow(device, devices, close));
  } catch (error) {
    await close();
    throw error;
  }
  const address = `usbip://${formatTcpAddress(bound.address, bound.port)}`;
  return { address, devices, close, [Symbol.asyncDispose]: close };
}

function follow(device: Device, all: readonly Device[], close: () => Promise<void>): () => void {
  const { emulator } = device;
  return emulator.follow({
    onPlug: () => {
      if (!emulator.plugged) device.detach();
    },
    close: async () => {
      if (all.every((each) => each.emulator.closed)) await close();
    },
  });
}

function checkSerialNumbers(devices: readonly Device[]): void {
  if (devices.length === 0)
    throw new RangeError('exportUsb(): there is no device to export: give at least one Emulator');
  const seen = new Map<string, string>();
  for (const { busid, emulator } of devices) {
    const { serialNumber } = emulator.snapshot;
    const other = seen.get(serialNumber);
    if (other) {
      throw new RangeError(
        `${other} and ${busid} both have the serial number ${serialNumber}: a host identifies a device by it, so give each emulator its own serial number`,
      );
    }
    seen.set(serialNumber, busid);
  }
}

/**
 * Answers the one operation with which a connection starts. As usbipd does, it lists only devices that a host can
 * import now.
 * @param onImport Called when the host has imported a device.
 */
function serve(socket: Socket, devices: readonly Device[], onImport: () => void): void {
  const received = new ByteQueue();
  // The error does not matter, because 'close' follows: the host has closed the connection.
  socket.on('error', () => {});
  const listen = (chunk: Uint8Array) => {
    received.push(chunk);
    const op = received.peek(OP_LENGTH);
    if (!op) return;
    const code = readOp(op);
    if (code === OP_REQ_DEVLIST) {
      const available = devices.filter((device) => device.emulator.plugged && !device.imported);
      finish(socket, listen, devlistReply(available.map(({ record }) => record)));
    } else if (code === OP_REQ_IMPORT) {
      const request = received.peek(OP_LENGTH + BUSID_LENGTH);
      if (!request) return;
      received.skip(request.length);
      const busid = readBusid(request.subarray(OP_LENGTH));
      const device = devices.find((each) => each.busid === busid && each.emulator.plugged);
      if (!device) finish(socket, listen, importRefusal(IMPORT_NO_DEVICE));
      else if (device.imported) finish(socket, listen, importRefusal(IMPORT_BUSY));
      else {
        socket.off('data', listen);
        onImport();
        hand(socket, device, received.peek(received.length)!);
      }
    } else socket.destroy();
  };
  socket.on('data', listen);
}

/** Sends the last reply on a connection and ignores all further bytes. */
function finish(socket: Socket, listener: (chunk: Uint8Array) => void, reply: Buffer): void {
  socket.off('data', listener);
  socket.resume();
  socket.end(reply);
}

/** Imports the device for a host, with the bytes that the host has already sent. */
function hand(socket: Socket, device: Device, early: Uint8Array): void {
  socket.write(importReply(device.record));
  const host = device.import(socket);
  socket.on('data', (chunk: Uint8Array) => host.receive(chunk));
  socket.on('drain', () => host.work());
  host.receive(early);
}
