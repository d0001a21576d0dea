import { existsSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { looking, namesIn, textOf } from './looking.js';
import type { Machine } from './machine.js';

/** A process that has a device node open. */
export interface Holder {
  readonly pid: number;
  /** The name of its program; "?" where that is not told. */
  readonly name: string;
}

export interface OpenNodes {
  /** Who has this node open, of the processes that could be looked at; this process is not among them. */
  holdersOf(node: string): readonly Holder[];
  /** How much was seen: every process, only some, or none because /proc cannot be read. */
  readonly seen: 'all' | 'some' | 'none';
}

interface OpenFile {
  readonly holder: Holder;
  readonly stats: Stats;
}

/** Looks for device nodes among the open files of every process. It opens no device. */
export function openNodes({ proc, dev }: Pick<Machine, 'proc' | 'dev'>, self = process.pid): OpenNodes {
  const names = namesIn(proc).filter((name) => /^\d+$/.test(name));
  // The first process is always there; where it is not shown, others are not shown either (the mount option hidepid).
  let hidden = !existsSync(join(proc, '1'));
  const files: OpenFile[] = [];
  for (const name of names) {
    if (Number(name) === self) continue;
    try {
      files.push(...devicesOf(join(proc, name), Number(name), dev));
    } catch (error) {
      // One that has ended meanwhile holds nothing.
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

/** @throws What the system says when the process may not be looked at, or has ended. */
function devicesOf(folder: string, pid: number, dev: string): readonly OpenFile[] {
  const fds = join(folder, 'fd');
  return readdirSync(fds).flatMap((fd) => {
    // Asking what an open file is can hang when it is one of a lost network disk, so only nodes are asked.
    const path = looking(() => readlinkSync(join(fds, fd)), '');
    const stats = path.startsWith(`${dev}/`) ? looking(() => statSync(join(fds, fd)), undefined) : undefined;
    if (!stats) return [];
    const name = textOf(join(folder, 'comm'))?.replace(/\n$/, '') || '?';
    return [{ holder: { pid, name }, stats }];
  });
}

/** The same device by whatever name, or the same file. */
function isSame(a: Stats, b: Stats): boolean {
  if (a.isCharacterDevice() && b.isCharacterDevice()) return a.rdev === b.rdev;
  return a.dev === b.dev && a.ino === b.ino;
}
