import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One port in the list of serialport. */
export interface SerialPortInfo {
  /** The argument of `open`: `/dev/ttyACM0`, `COM3`. */
  readonly path: string;
  /** The USB vendor id: four hexadecimal digits. */
  readonly vendorId?: string | undefined;
  /** The USB product id: four hexadecimal digits. */
  readonly productId?: string | undefined;
  /** The serial number of the USB device of the port, as the system reports it. */
  readonly serialNumber?: string | undefined;
}

/**
 * Lists the serial ports of USB devices on Linux, from the files of the kernel. serialport runs the program udevadm for
 * this. But a slim container does not have udevadm, and if udevadm hangs, the process cannot end.
 *
 * @param ports The folder of terminals of the kernel. Tests use another folder. If the folder is missing, there are no
 * ports.
 */
export function usbPorts(ports = '/sys/class/tty'): readonly SerialPortInfo[] {
  return namesIn(ports).flatMap((name) => {
    const usb = usbDeviceOf(join(ports, name, 'device'));
    return usb ? [{ path: `/dev/${name}`, ...usb }] : [];
  });
}

/** The ids of the USB device of a port. They are in a folder above the folder of the port. */
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

/**
 * The names of the ports. The oldest terminals (ttyN and ttySN) are left out: there are many, and they are never USB.
 */
function namesIn(folder: string): readonly string[] {
  return (orUndefined(() => readdirSync(folder)) ?? []).filter((name) => !/^tty(S?\d+)?$/.test(name)).sort();
}

function textOf(folder: string, name: string): string | undefined {
  return orUndefined(() => readFileSync(join(folder, name), 'utf8').trim()) || undefined;
}

/** Returns undefined if `look` throws, because a device can be unplugged between two looks. */
function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
