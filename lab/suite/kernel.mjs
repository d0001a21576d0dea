// What this kernel knows of the devices, from sysfs, and word from udev when that has changed.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PATIENCE_MS } from './patience.mjs';

/** The files of one attached device, and its folder in sysfs. @typedef {{ usb: string, hidraw: string, tty: string, folder: string }} Nodes */

for (const module of ['vhci-hcd', 'usbhid', 'hid-generic', 'cdc-acm', 'usbmon']) execFileSync('modprobe', [module]);

const run = promisify(execFile);
const news = new EventEmitter();
news.setMaxListeners(0);
/** What udev knows of and is done with, so that programs can open it: folders in sysfs. @type {Set<string>} */
const known = new Set();
/** The folder of each device that is there, by its serial number. @type {Map<string, string>} */
const folders = new Map();
const monitor = spawn('udevadm', ['monitor', '--udev'], { stdio: ['ignore', 'pipe', 'inherit'] });
createInterface({ input: monitor.stdout }).on('line', (line) => {
  const [, action, path] = /^UDEV +\[[\d.]+\] (\w+) +(\/\S+) /.exec(line) ?? [];
  if (path && action === 'add') add(`/sys${path}`);
  if (path && action === 'remove') remove(`/sys${path}`);
  news.emit('line');
});
// It says so when it listens.
await once(news, 'line');

/** @param {string} folder */
function add(folder) {
  known.add(folder);
  // Of a device; its interfaces have none.
  const serialNumber = read(join(folder, 'serial'));
  if (serialNumber !== undefined) folders.set(serialNumber, folder);
}

/** What has gone meanwhile says nothing. @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @param {string} folder */
function remove(folder) {
  known.delete(folder);
  for (const [serialNumber, each] of folders) if (each === folder) folders.delete(serialNumber);
}

export function stopMonitoring() {
  monitor.kill();
}

/**
 * Resolves with the first true value of `look`, asked now and whenever udev has news.
 * @template T
 * @param {string} what for the message
 * @param {() => T | undefined | false} look
 * @returns {Promise<T>}
 */
async function until(what, look) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const heard = once(news, 'line', { signal });
    heard.catch(() => {});
    const found = look();
    if (found) return found;
    try {
      await heard;
    } catch {
      throw new Error(`waited ${PATIENCE_MS / 1000} s in vain: ${what}`);
    }
  }
}

/** @param {string} serialNumber @returns {Nodes | undefined} undefined until all of them are there, and udev is done with them */
export function nodesOf(serialNumber) {
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

/** @param {string} folder */
function below(folder) {
  return [...known].filter((path) => path.startsWith(`${folder}/`));
}

/** Waits until programs can open all of a device. @param {string} serialNumber */
export async function ready(serialNumber) {
  return await until(`${serialNumber} to be attached`, () => nodesOf(serialNumber));
}

/** Waits until nothing of a device is left here. @param {string} serialNumber @param {Nodes} nodes those that it had */
export async function gone(serialNumber, { folder }) {
  await until(`${serialNumber} to be gone`, () => !known.has(folder) && below(folder).length === 0);
}

/** Has udev read its rules again and look at every device anew. */
export async function applyRules() {
  await run('udevadm', ['control', '--reload']);
  await run('udevadm', ['trigger', '--action=add', '--subsystem-match=usb', '--subsystem-match=hidraw']);
  await run('udevadm', ['trigger', '--action=add', '--subsystem-match=tty', '--sysname-match=ttyACM*']);
  await run('udevadm', ['settle']);
}
