// What this kernel knows of the devices, from sysfs, and word from udev when that has changed.
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
/** What udev knows of and is done with, so that programs can open it: folders in sysfs. */
const known = new Set<string>();
/** The folder of each device that is there, by its serial number. */
const folders = new Map<string, string>();
const monitor = spawn('udevadm', ['monitor', '--udev'], { stdio: ['ignore', 'pipe', 'inherit'] });
createInterface({ input: monitor.stdout }).on('line', (line) => {
  const [, action, path] = /^UDEV +\[[\d.]+\] (\w+) +(\/\S+) /.exec(line) ?? [];
  if (path && action === 'add') add(`/sys${path}`);
  if (path && action === 'remove') remove(`/sys${path}`);
  news.emit('line');
});
// It says so when it listens.
await once(news, 'line');

function add(folder: string): void {
  known.add(folder);
  // Of a device; its interfaces have none.
  const serialNumber = read(join(folder, 'serial'));
  if (serialNumber !== undefined) folders.set(serialNumber, folder);
}

/** What has gone meanwhile says nothing. */
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

/** Ends the program that hears of udev: this process could not end otherwise. */
export function stopMonitoring(): void {
  monitor.kill();
}

/**
 * Resolves with the first true value of `look`, asked now and whenever udev has news.
 * @param what For the message.
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

/** The files of a device; undefined until all of them are there, and udev is done with them. */
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

/** Waits until programs can open all of a device. */
export async function ready(serialNumber: string): Promise<Nodes> {
  return await until(`${serialNumber} to be attached`, () => nodesOf(serialNumber));
}

/** Waits until nothing is left here of a device that had these files. */
export async function gone(serialNumber: string, { folder }: Nodes): Promise<void> {
  await until(`${serialNumber} to be gone`, () => !known.has(folder) && below(folder).length === 0);
}

/** Has udev read its rules again and look at every device anew. */
export async function applyRules(): Promise<void> {
  await run('udevadm', ['control', '--reload']);
  await run('udevadm', ['trigger', '--action=add', '--subsystem-match=usb', '--subsystem-match=hidraw']);
  await run('udevadm', ['trigger', '--action=add', '--subsystem-match=tty', '--sysname-match=ttyACM*']);
  await run('udevadm', ['settle']);
}
