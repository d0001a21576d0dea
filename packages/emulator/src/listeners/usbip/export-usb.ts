import { type AddressInfo, createServer, type Socket } from 'node:net';
import { checkOptions } from '@bluetap/transport/kit';
import { aText } from '../../contract/check-arguments.js';
import type { EmulatedDevice } from '../../contract/emulated-device.js';
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

/** One device that a host can attach. Unplugging its emulator takes it off its host, and off the list until it is plugged. */
export interface ExportedDevice {
  /** The device behind this USB device. */
  readonly emulator: EmulatedDevice;
  /** What `usbip attach -b` is given: "1-1". */
  readonly busid: string;
  /** True while a host has it. */
  readonly imported: boolean;
  /** Transfers completed since it was exported, a snapshot: what a host wrote is `out`, what it read is `in`. */
  readonly transfers: Transfers;
  /** Stalls one direction of a function, as a device in trouble does, until the host clears the halt. */
  halt(functionName: FunctionName, direction: 'in' | 'out'): void;
  /**
   * Takes nothing more through a function, as a device that is not ready does: it answers NAK, and what the host writes
   * waits. Ends with the function that is returned, or when the host releases the device. Without a host nothing
   * happens.
   * @param onWaiting Told of each transfer that begins to wait: the moment in which to pull the device off a host that
   * writes.
   */
  nak(functionName: FunctionName, onWaiting?: () => void): () => void;
}

/** The listener that USB devices stand behind. Its address is "usbip://127.0.0.1:3240". */
export interface UsbExport extends Listener {
  /** In the order of the emulators: 1-1, 1-2 and so on. */
  readonly devices: readonly ExportedDevice[];
}

/** The port that IANA has given to USB/IP, for this machine alone. */
const DEFAULT_ADDRESS = '127.0.0.1:3240';

/** How many hosts may be connected without a device: they ask for the list, or are too late. */
const MAX_GUESTS = 64;
/** When a host that has vanished without a word is looked for. Its system answers for one that is only silent. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Makes real USB devices of emulated ones: a USB/IP server, from which Linux (`usbip attach -r 127.0.0.1 -b 1-1`, module
 * vhci_hcd) or Windows (usbip-win2) attaches each as if it were plugged in. docs/protocol.md, USB device.
 *
 * An unplug ends the connection of the host that has the device, and the host sees the device leave; until the plug it
 * can be neither listed nor attached. HID and bulk are open as soon as a host has configured the device, since USB does
 * not tell who uses them; the serial port is open from its DTR or first byte until DTR falls, which ends its session. A
 * host that does not fetch the answers is not read. The server closes with the last of its emulators.
 * @param where HOST:PORT, loopback when only a port is given, port 0 for any.
 * @throws TypeError for an argument of another kind; RangeError for a malformed address, no emulator, or two with one
 * serial number; TransportError as `listen`.
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
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, devices);
  });
  server.maxConnections = devices.length + MAX_GUESTS;
  await startServer(server, { host, port }, `usbip://${formatTcpAddress(host, port)}`);
  // A connection that could not be accepted is that host's trouble.
  server.on('error', () => {});
  const bound = server.address() as AddressInfo;

  const unfollow: (() => void)[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      for (const end of unfollow) end();
      for (const device of devices) device.detach();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
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
        `${other} and ${busid} both have the serial number ${serialNumber}: a host tells them by it, so give each its own`,
      );
    }
    seen.set(serialNumber, busid);
  }
}

/** Answers the one operation that a connection begins with. As usbipd, it lists only what can be had now. */
function serve(socket: Socket, devices: readonly Device[]): void {
  const received = new ByteQueue();
  // What went wrong does not matter: 'close' follows, and the host has gone.
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
        hand(socket, device, received.peek(received.length)!);
      }
    } else socket.destroy();
  };
  socket.on('data', listen);
}

/** Says the last thing on a connection. Whatever else comes is not looked at. */
function finish(socket: Socket, listener: (chunk: Uint8Array) => void, reply: Buffer): void {
  socket.off('data', listener);
  socket.resume();
  socket.end(reply);
}

/** Hands the device over, with what the host has already said to it. */
function hand(socket: Socket, device: Device, early: Uint8Array): void {
  socket.write(importReply(device.record));
  const host = device.import(socket);
  socket.on('data', (chunk: Uint8Array) => host.receive(chunk));
  socket.on('drain', () => host.work());
  host.receive(early);
}
