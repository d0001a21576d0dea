/**
 * The bytes of USB/IP 1.1.1, as Linux documents them in Documentation/usb/usbip_protocol.rst. Every number is
 * big-endian, except in the setup packet, which has the same bytes as on a USB cable.
 */

const VERSION = 0x0111;

/** Every operation and its reply begin with version, code and status: 8 bytes. */
export const OP_LENGTH = 8;
export const BUSID_LENGTH = 32;
const PATH_LENGTH = 256;

export const OP_REQ_IMPORT = 0x8003;
export const OP_REQ_DEVLIST = 0x8005;
const OP_REP_IMPORT = 0x0003;
const OP_REP_DEVLIST = 0x0005;

/**
 * The status of an OP_REP_IMPORT that fails, with the numbers of usbipd. The host's tool shows the reason to a person.
 */
export const IMPORT_BUSY = 2;
export const IMPORT_NO_DEVICE = 4;

/** Every command after the import, and its reply, begin with a header of this many bytes. */
export const USBIP_HEADER_LENGTH = 48;

export const CMD_SUBMIT = 1;
export const CMD_UNLINK = 2;
const RET_SUBMIT = 3;
const RET_UNLINK = 4;

/** A flag of CMD_SUBMIT: an IN transfer that ends early is an error. */
export const URB_SHORT_NOT_OK = 0x0001;

/** The status of a transfer: 0, or a negative number of Linux's errno.h. */
export const UrbStatus = {
  OK: 0,
  /** ENOMEM: the host submitted more transfers than the device keeps. */
  NO_ROOM: -12,
  /** EPIPE: the endpoint or the control request stalls. */
  STALL: -32,
  /** EOVERFLOW, also called "babble": the device sent a packet that is longer than the rest of the host's buffer. */
  BABBLE: -75,
  /** ECONNRESET: the transfer was unlinked. */
  UNLINKED: -104,
  /** EREMOTEIO: the transfer was short and had the flag URB_SHORT_NOT_OK. */
  SHORT: -121,
} as const;
export type UrbStatus = (typeof UrbStatus)[keyof typeof UrbStatus];

/** The description of a device in a list. */
export interface DeviceRecord {
  readonly busid: string;
  readonly busnum: number;
  readonly devnum: number;
  /** The device descriptor, 18 bytes. */
  readonly descriptor: Uint8Array;
  readonly configurationValue: number;
  /** Class, subclass and protocol of each interface. */
  readonly interfaces: readonly (readonly [number, number, number])[];
}

/** enum usb_device_speed of Linux. */
const SPEED_FULL = 2;

/** Returns the code of an operation, or undefined if the operation has another version. */
export function readOp(bytes: Buffer): number | undefined {
  return bytes.readUInt16BE(0) === VERSION ? bytes.readUInt16BE(2) : undefined;
}

/** Returns the string before the first zero byte, or the whole field. */
export function readBusid(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? field.length : end);
}

export function devlistReply(devices: readonly DeviceRecord[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(devices.length);
  const entries = devices.flatMap((device) => [
    deviceRecord(device),
    ...device.interfaces.map((triple) => Buffer.from([...triple, 0])),
  ]);
  return Buffer.concat([op(OP_REP_DEVLIST, 0), count, ...entries]);
}

export function importReply(device: DeviceRecord): Buffer {
  return Buffer.concat([op(OP_REP_IMPORT, 0), deviceRecord(device)]);
}

/** Returns only 8 bytes. A host would read more bytes as the start of another message. */
export function importRefusal(status: typeof IMPORT_BUSY | typeof IMPORT_NO_DEVICE): Buffer {
  return op(OP_REP_IMPORT, status);
}

function op(code: number, status: number): Buffer {
  const bytes = Buffer.alloc(OP_LENGTH);
  bytes.writeUInt16BE(VERSION, 0);
  bytes.writeUInt16BE(code, 2);
  bytes.writeUInt32BE(status, 4);
  return bytes;
}

function deviceRecord({ busid, busnum, devnum, descriptor, configurationValue, interfaces }: DeviceRecord): Buffer {
  const numbers = PATH_LENGTH + BUSID_LENGTH;
  const usb = Buffer.from(descriptor);
  const bytes = Buffer.alloc(numbers + 24);
  bytes.write(`/sys/devices/platform/bluetap-emulator/usb${busnum}/${busid}`, 0, 'latin1');
  bytes.write(busid, PATH_LENGTH, 'latin1');
  bytes.writeUInt32BE(busnum, numbers);
  bytes.writeUInt32BE(devnum, numbers + 4);
  bytes.writeUInt32BE(SPEED_FULL, numbers + 8);
  bytes.writeUInt16BE(usb.readUInt16LE(8), numbers + 12);
  bytes.writeUInt16BE(usb.readUInt16LE(10), numbers + 14);
  bytes.writeUInt16BE(usb.readUInt16LE(12), numbers + 16);
  usb.copy(bytes, numbers + 18, 4, 7);
  bytes[numbers + 21] = configurationValue;
  bytes[numbers + 22] = usb[17]!;
  bytes[numbers + 23] = interfaces.length;
  return bytes;
}

/** The header of a command. The fields after `endpoint`, except `victim`, have a meaning in a CMD_SUBMIT only. */
export interface Command {
  readonly command: number;
  readonly seqnum: number;
  readonly devid: number;
  /** 0 is OUT, 1 is IN. */
  readonly direction: number;
  readonly endpoint: number;
  readonly flags: number;
  /**
   * The length of the host's buffer in bytes. OUT: the length of the data that follows. IN: the room for the answer.
   */
  readonly length: number;
  readonly setup: Uint8Array;
  /** CMD_UNLINK: the seqnum of the transfer to unlink. It has the place of the flags of a CMD_SUBMIT. */
  readonly victim: number;
}

/**
 * Reads a header of 48 bytes. It ignores the start frame, the number of packets and the interval. These fields belong
 * to isochronous transfers, or the descriptors contain them. If a host counts no packets, the number is 0 or
 * 0xffffffff.
 */
export function readCommand(bytes: Buffer): Command {
  const flags = bytes.readUInt32BE(20);
  return {
    command: bytes.readUInt32BE(0),
    seqnum: bytes.readUInt32BE(4),
    devid: bytes.readUInt32BE(8),
    direction: bytes.readUInt32BE(12),
    endpoint: bytes.readUInt32BE(16),
    flags,
    length: bytes.readUInt32BE(24),
    setup: Uint8Array.from(bytes.subarray(40, 48)),
    victim: flags,
  };
}

/**
 * Returns the answer to a CMD_SUBMIT. `length` is the number of bytes that were transferred. Only the answer to an IN
 * transfer also contains `data`, of that length. Device, direction, endpoint, start frame, number of packets and errors
 * are 0 in every answer.
 */
export function retSubmit(seqnum: number, status: UrbStatus, length: number, data: readonly Uint8Array[] = []): Buffer {
  const bytes = header(RET_SUBMIT, seqnum, status, data.length === 0 ? 0 : length);
  bytes.writeUInt32BE(length, 24);
  let at = USBIP_HEADER_LENGTH;
  for (const part of data) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Returns the answer to a CMD_UNLINK. The status is UNLINKED if the unlink came in time, or OK if its transfer was
 * already answered.
 */
export function retUnlink(seqnum: number, status: UrbStatus): Buffer {
  return header(RET_UNLINK, seqnum, status, 0);
}

function header(command: number, seqnum: number, status: UrbStatus, payload: number): Buffer {
  const bytes = Buffer.alloc(USBIP_HEADER_LENGTH + payload);
  bytes.writeUInt32BE(command, 0);
  bytes.writeUInt32BE(seqnum, 4);
  bytes.writeInt32BE(status, 20);
  return bytes;
}
