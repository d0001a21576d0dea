import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One port, as serialport lists it. */
export interface SerialPortInfo {
  /** What `open` takes: `/dev/ttyACM0`, `COM3`. */
  readonly path: string;
  /** Four hexadecimal digits. */
  readonly vendorId?: string | undefined;
  /** Four hexadecimal digits. */
  readonly productId?: string | undefined;
  /** The serial number of the USB device that the port belongs to, as the system tells it. */
  readonly serialNumber?: string | undefined;
}

/**
 * The serial ports of USB devices on Linux, as the kernel describes them. serialport asks the program udevadm: a slim
 * container does not have it, and one that hangs keeps the process from ending.
 *
 * @param ports The kernel's folder of terminals; another one in tests. Where it is missing there are none.
 */
export function usbPorts(ports = '/sys/class/tty'): readonly SerialPortInfo[] {
  return namesIn(ports).flatMap((name) => {
    const usb = usbDeviceOf(join(ports, name, 'device'));
    return usb ? [{ path: `/dev/${name}`, ...usb }] : [];
  });
}

/** The ids of the USB device that a port is a part of: some folders above the port's own. */
function usbDeviceOf(node: string): Omit<SerialPortInfo, 'path'> | undefined {
  let folder = orUndefined(() => realpathSync(node));
  while (folder !== undefined && folder !== dirname(folder)) {
    const vendorId = textOf(folder, 'idVendor');
    if (vendorId !== undefined) {
      return { vendorId, productId: textOf(folder, 'idProduct'), serialNumber: textOf(folder, 'serial') };
    }
    folder = dirname(folder);
  }
  return undefined;
}

/** The oldest terminals are never USB, and there are many of them. */
function namesIn(folder: string): readonly string[] {
  return (orUndefined(() => readdirSync(folder)) ?? []).filter((name) => !/^tty(S?\d+)?$/.test(name)).sort();
}

function textOf(folder: string, name: string): string | undefined {
  return orUndefined(() => readFileSync(join(folder, name), 'utf8').trim()) || undefined;
}

/** A device can go between two looks at it. */
function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
