import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeviceInfo } from '@bluetap/transport';
import type { Machine } from '../src/doctor/machine.js';
import { udevRules } from '../src/doctor/udev-rules.js';
import { temporaryFolder } from './cli.js';

export const hidDevice: DeviceInfo = { id: '/dev/hidraw0', path: '/dev/hidraw0', serialNumber: 'A1' };
export const usbDevice: DeviceInfo = { id: 'usb:1:2', path: 'bus 1 address 2', serialNumber: 'A1' };
export const port: DeviceInfo = { id: '/dev/ttyACM0', path: '/dev/ttyACM0', serialNumber: 'A1' };

/** An emulated Linux machine in a folder of the test. It has no device nodes, rules or groups at first. */
export class FakeMachine implements Machine {
  readonly platform: NodeJS.Platform;
  readonly root = temporaryFolder();
  readonly dev = join(this.root, 'dev');
  readonly sys = join(this.root, 'sys');
  readonly proc = join(this.root, 'proc');
  readonly groupFile = join(this.root, 'etc/group');
  readonly ruleFolders = ['etc', 'run', 'usr'].map((name) => join(this.root, name, 'rules.d'));
  readonly containerMarks = [join(this.root, 'containerenv')];
  readonly user: Machine['user'];
  /** The answer of `access`, the system call. */
  allowed = true;

  /** @param user The default group number is one that no file of a test has, for any user who runs the test. */
  constructor(user: Machine['user'] = { name: 'pos', uid: 1000, gids: [54321] }, platform: NodeJS.Platform = 'linux') {
    this.user = user;
    this.platform = platform;
    this.file('sys/bus/usb/devices/1-1/busnum', '1\n');
    this.file('sys/bus/usb/devices/1-1/devnum', '2\n');
    this.file('sys/class/hidraw/hidraw0/uevent', '');
    this.file('sys/class/tty/ttyACM0/uevent', '');
    this.file('proc/1/comm', 'init\n');
    mkdirSync(join(this.proc, '1/fd'));
  }

  mayOpen(): boolean {
    return this.allowed;
  }

  /** Writes a file and returns its path. */
  file(path: string, content: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Makes a device node that does not belong to the group root. Returns the number of its group. */
  node(path: string, mode: number): number {
    const file = this.file(`dev/${path}`, '');
    if (process.getuid?.() === 0) chownSync(file, 0, 4242);
    chmodSync(file, mode);
    return statSync(file).gid;
  }

  rule(content: string = udevRules('plugdev'), path = 'etc/rules.d/70-bluetap.rules'): string {
    return this.file(path, content);
  }

  groups(...lines: readonly string[]): void {
    this.file('etc/group', ['root:x:0:', ...lines, ''].join('\n'));
  }

  /** Makes a process that has these nodes open. */
  process(pid: number, name: string, ...nodes: readonly string[]): void {
    this.file(`proc/${pid}/comm`, `${name}\n`);
    const fds = join(this.proc, String(pid), 'fd');
    mkdirSync(fds, { recursive: true });
    for (const [fd, node] of nodes.entries()) symlinkSync(join(this.dev, node), join(fds, String(fd)));
  }

  /** Lets a program claim the vendor-specific interface of the USB device. */
  claim(driver = 'usbfs'): void {
    const folder = join(this.sys, 'bus/usb/devices/1-1/1-1:1.1');
    mkdirSync(folder, { recursive: true });
    symlinkSync(join('/sys/bus/usb/drivers', driver), join(folder, 'driver'));
  }
}
