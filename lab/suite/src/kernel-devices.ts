// Reads the devices of this kernel from sysfs. udev reports each change.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { WAIT_LIMIT_MS } from './wait-limit.js';

/** The files of one attached device, and its folder in sysfs. */
export interface Nodes {
  readonly usb: string;
  readonly hidraw: string;
  readonly tty: string;
  readonly folder: string;
}

for (const module of ['vhci-hcd', 'usbhid', 'hid-generic', 'cdc-acm', 'usbmon']) execFileSync('modprobe', [module]);

const run = promisify(execFile);
const news = new EventEmitter();
news.setMaxListeners(0);
/** The folders in sysfs that udev has finished, so that programs can open the devices. */
const known = new Set<string>();
/** The folder of each attached device, by its serial number. */
const folders = new Map<string, string>();
const monitor = spawn('udevadm', ['monitor', '--udev'], { stdio: ['ignore', 'pipe', 'inherit'] });
createInterface({ input: monitor.stdout }).on('line', (line) => {
  const [, action, path] = /^UDEV +\[[\d.]+\] (\w+) +(\/\S+) /.exec(line) ?? [];
  if (path && action === 'add') add(`/sys${path}`);
  if (path && action === 'remove') remove(`/sys${path}`);
  news.emit('line');
});
// udevadm prints a first line when it listens.
await once(news, 'line');

function add(folder: string): void {
  known.add(folder);
  // Only the folder of a device has this file. The folders of its interfaces do not.
  const serialNumber = read(join(folder, 'serial'));
  if (serialNumber !== undefined) folders.set(serialNumber, folder);
}

/** Returns the content of a file. Undefined if the file no longer exists. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function remove(folder: string): void {
  known.delete(folder);
  for (const [serialNumber, each] of folders) if (each === folder) folders.delete(serialNumber);
}

/** Ends `udevadm monitor`. Without this, the process does not end. */
export function stopMonitoring(): void {
  monitor.kill();
}

/**
 * Calls `look` now and after each report of udev. Resolves with its first value that is true.
 * @param what The text for the error message.
 */
async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
  for (;;) {
    const heard = once(news, 'line', { signal });
    heard.catch(() => {});
    const found = look();
    if (found) return found;
    try {
      await heard;
    } catch {
      throw new Error(`waited ${WAIT_LIMIT_MS / 1000} s for ${what}`);
    }
  }
}

/** Returns the files of a device. Undefined until all files exist and udev has finished them. */
export function nodesOf(serialNumber: string): Nodes | undefined {
  const folder = folders.get(serialNumber);
  if (!folder) return undefined;
  const [hidraw, tty] = [/\/hidraw\/(hidraw\d+)$/, /\/tty\/(ttyACM\d+)$/].map((pattern) => {
    const name = below(folder).flatMap((path) => pattern.exec(path)?.[1] ?? [])[0];
    return name && `/dev/${name}`;
  });
  if (!(hidraw && tty)) return undefined;
  const [bus, device] = ['busnum', 'devnum'].map((name) => read(join(folder, name))?.padStart(3, '0'));
  return { usb: `/dev/bus/usb/${bus}/${device}`, hidraw, tty, folder };
}

function below(folder: string): string[] {
  return [...known].filter((path) => path.startsWith(`${folder}/`));
}

/** Waits until programs can open all files of a device. */
export async function ready(serialNumber: string): Promise<Nodes> {
  return await until(`${serialNumber} to be attached`, () => nodesOf(serialNumber));
}

/** Waits until this kernel has removed all files of a device. */
export async function gone(serialNumber: string, { folder }: Nodes): Promise<void> {
  await until(`${serialNumber} to be gone`, () => !known.has(folder) && below(folder).length === 0);
}

/** Makes udev read its rules again and apply them to every device. */
export async function applyRules(): Promise<void> {
  await run('udevadm', ['control', '--reload']);
  await run('udevadm', ['trigger', '--action=add', '--subsystem-match=usb', '--subsystem-match=hidraw']);
  await run('udevadm', ['trigger', '--action=add', '--subsystem-match=tty', '--sysname-match=ttyACM*']);
  await run('udevadm', ['settle']);
}
