import { BlockList, isIP } from 'node:net';
import type { Emulator } from '@bluetap/emulator';
import { exportUsb, type ListenAddress, type Listener, listen, openPty, type UsbExport } from '@bluetap/emulator/node';
import { printable } from '@bluetap/transport/kit';
import { note } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';

/** A listener that a person asked for by an option. */
export type WantedListener = ListenAddress | { readonly pty: true } | { readonly usbip: string };

/** The kind of a listener. It is the name of its option, and its key in the event "ready". */
export type ListenerKind = 'tcp' | 'unix' | 'pty' | 'usbip';

export interface OpenListener {
  readonly kind: ListenerKind;
  /** For example "tcp://127.0.0.1:4000", "unix:/run/bluetap.sock", "/dev/pts/3" or "usbip://127.0.0.1:3240". */
  readonly address: string;
  /** Only for USB/IP: the devices, each with the command that attaches it. */
  readonly devices?: readonly AttachableDevice[];
}

export interface AttachableDevice {
  readonly serialNumber: string;
  readonly busid: string;
  /** The command that attaches the device on Linux, for root: "usbip attach -r 127.0.0.1 -b 1-1". */
  readonly attach: string;
}

/**
 * Opens the listeners in the given order. They close when the emulators close. USB/IP exports all emulators. Every
 * other listener leads to the first emulator.
 * @param onLost Called if a listener is lost, with a message that names the listener and the reason.
 * @throws Failure (exit code 64 for a malformed address, otherwise 1) that names the listener and the reason.
 */
export async function openListeners(
  emulators: readonly [Emulator, ...Emulator[]],
  wanted: readonly WantedListener[],
  onLost: (message: string) => void,
): Promise<OpenListener[]> {
  const opened: OpenListener[] = [];
  for (const where of wanted) {
    try {
      const listener = await open(emulators, where, onLost);
      const { address } = listener;
      opened.push({ kind: kindOf(where), address, ...('devices' in listener && { devices: attachable(listener) }) });
      if (/^(tcp|usbip):/.test(address) && !isLoopback(address)) {
        note(
          `bluetap: ${address} is open to other machines: every program that reaches this address can use the emulated device.`,
        );
      }
    } catch (cause) {
      const malformed = cause instanceof RangeError;
      throw new Failure(
        malformed ? ExitCode.USAGE : ExitCode.FAILED,
        `--${kindOf(where)}: ${printable((cause as Error).message)}`,
        { cause },
      );
    }
  }
  return opened;
}

function open(
  emulators: readonly [Emulator, ...Emulator[]],
  where: WantedListener,
  onLost: (message: string) => void,
): Promise<Listener | UsbExport> {
  if ('usbip' in where) return exportUsb(emulators, { tcp: where.usbip });
  const [emulator] = emulators;
  if (!('pty' in where)) return listen(emulator, where);
  return openPty(emulator, { onError: ({ message }) => onLost(`--pty: ${message}`) });
}

function kindOf(where: WantedListener): ListenerKind {
  if ('usbip' in where) return 'usbip';
  return 'tcp' in where ? 'tcp' : 'unix' in where ? 'unix' : 'pty';
}

const USBIP_PORT = '3240';

function attachable({ address, devices }: UsbExport): AttachableDevice[] {
  const { hostname, port } = new URL(address);
  const bare = hostname.replaceAll(/[[\]]/g, '');
  // A wildcard address is not an address of a host. On this machine, the loopback address reaches the listener.
  const host = bare === '0.0.0.0' ? '127.0.0.1' : bare === '::' ? '::1' : bare;
  const usbip = port === USBIP_PORT ? 'usbip' : `usbip --tcp-port ${port}`;
  return devices.map(({ busid, emulator }) => ({
    serialNumber: emulator.snapshot.serialNumber,
    busid,
    attach: `${usbip} attach -r ${host} -b ${busid}`,
  }));
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  const host = hostname.replaceAll(/[[\]]/g, '');
  return host === 'localhost' || loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
