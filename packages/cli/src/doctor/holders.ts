import { existsSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { looking, namesIn, textOf } from './looking.js';
import type { Machine } from './machine.js';

/** A process that has a device node open. */
export interface Holder {
  readonly pid: number;
  /** The name of the program of the process, or "?" if it is not known. */
  readonly name: string;
}

export interface OpenNodes {
  /** Returns the processes that have this node open, without this process. Hidden processes are not in the list. */
  holdersOf(node: string): readonly Holder[];
  /** The processes that were examined: all, only some, or none because /proc cannot be read. */
  readonly seen: 'all' | 'some' | 'none';
}

interface OpenFile {
  readonly holder: Holder;
  readonly stats: Stats;
}

/** Searches the open files of every process for device nodes. It opens no device. */
export function openNodes({ proc, dev }: Pick<Machine, 'proc' | 'dev'>, self = process.pid): OpenNodes {
  const names = namesIn(proc).filter((name) => /^\d+$/.test(name));
  // Process 1 always exists. If it is not shown, other processes are hidden too (the mount option hidepid).
  let hidden = !existsSync(join(proc, '1'));
  const files: OpenFile[] = [];
  for (const name of names) {
    if (Number(name) === self) continue;
    try {
      files.push(...devicesOf(join(proc, name), Number(name), dev));
    } catch (error) {
      // A process that ended during the search holds no device.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ESRCH') hidden = true;
    }
  }
  return {
    seen: names.length === 0 ? 'none' : hidden ? 'some' : 'all',
    holdersOf: (node) => {
      const stats = looking(() => statSync(node), undefined);
      const holders = stats ? files.filter((file) => isSame(file.stats, stats)).map(({ holder }) => holder) : [];
      return holders.filter(({ pid }, at) => holders.findIndex((each) => each.pid === pid) === at);
    },
  };
}

/** @throws The error of the system if this user may not examine the process, or if the process has ended. */
function devicesOf(folder: string, pid: number, dev: string): readonly OpenFile[] {
  const fds = join(folder, 'fd');
  return readdirSync(fds).flatMap((fd) => {
    // `stat` of a file on a lost network disk can hang, so it is called for paths of /dev only.
    const path = looking(() => readlinkSync(join(fds, fd)), '');
    const stats = path.startsWith(`${dev}/`) ? looking(() => statSync(join(fds, fd)), undefined) : undefined;
    if (!stats) return [];
    const name = textOf(join(folder, 'comm'))?.replace(/\n$/, '') || '?';
    return [{ holder: { pid, name }, stats }];
  });
}

/** True if both are the same device, also under different names, or the same file. */
function isSame(a: Stats, b: Stats): boolean {
  if (a.isCharacterDevice() && b.isCharacterDevice()) return a.rdev === b.rdev;
  return a.dev === b.dev && a.ino === b.ino;
}
