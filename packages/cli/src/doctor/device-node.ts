import { existsSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DeviceInfo } from '@bluetap/transport';
import { looking, namesIn, textOf } from './looking.js';
import type { Machine } from './machine.js';

/** Returns the path of the node that opens a device. Undefined if the system opens the device without a file. */
export function nodeOf({ id, path = id }: DeviceInfo, { platform, dev }: Machine): string | undefined {
  if (path.startsWith('/dev/')) return join(dev, path.slice('/dev/'.length));
  const [, bus, address] = /^usb:(\d+):(\d+)$/.exec(id) ?? [];
  if (bus === undefined || address === undefined || platform !== 'linux') return undefined;
  return join(dev, 'bus/usb', bus.padStart(3, '0'), address.padStart(3, '0'));
}

/** The status of a node, or the error code of the system. ENOENT: there is no node. */
export type Look = { readonly stats: Stats } | { readonly code: string };

export function lookAt(node: string): Look {
  try {
    return { stats: statSync(node) };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}

/** True if the kernel still has the device of a node. Undefined if the kernel does not say it. */
export function isAttached(node: string, { sys, dev }: Machine): boolean | undefined {
  const name = basename(node);
  if (name.startsWith('hidraw')) return known(join(sys, 'class/hidraw'), name);
  if (name.startsWith('tty')) return known(join(sys, 'class/tty'), name);
  const [, bus, address] = /^bus\/usb\/(\d+)\/(\d+)$/.exec(node.slice(dev.length + 1)) ?? [];
  if (bus === undefined || !existsSync(join(sys, 'bus/usb/devices'))) return undefined;
  return usbFolderOf(sys, Number(bus), Number(address)) !== undefined;
}

function known(folder: string, name: string): boolean | undefined {
  return existsSync(folder) ? existsSync(join(folder, name)) : undefined;
}

/**
 * True if a program has claimed an interface of the USB device of this node. Undefined if the kernel does not say it. A
 * program can open the node and claim no interface. Such a program does not block other programs.
 */
export function isClaimed(node: string, { sys, dev }: Machine): boolean | undefined {
  const [, bus, address] = /^bus\/usb\/(\d+)\/(\d+)$/.exec(node.slice(dev.length + 1)) ?? [];
  const folder = bus === undefined ? undefined : usbFolderOf(sys, Number(bus), Number(address));
  if (folder === undefined) return undefined;
  const interfaces = namesIn(folder).filter((name) => name.startsWith(`${basename(folder)}:`));
  return interfaces.some(
    (name) => looking(() => basename(readlinkSync(join(folder, name, 'driver'))), undefined) === 'usbfs',
  );
}

function usbFolderOf(sys: string, bus: number, address: number): string | undefined {
  const devices = join(sys, 'bus/usb/devices');
  const number = (folder: string, file: string) => Number(textOf(join(folder, file)) ?? Number.NaN);
  return namesIn(devices)
    .map((name) => join(devices, name))
    .find((folder) => number(folder, 'busnum') === bus && number(folder, 'devnum') === address);
}
