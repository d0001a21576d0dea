// Debian's kernel, fetched with apt and unpacked in a cache, never installed. The package that linux-image-amd64 depends on
// has USB/IP; the one for clouds has no USB at all.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../scripts/lock.mjs';
import type { Deadline } from './deadline.js';
import { withFreshLists } from './debian-packages.js';
import { LabError } from './lab-errors.js';
import { runProgram } from './run-program.js';
import { writeWholeFile } from './write-whole-file.js';

/** A kernel in the cache. */
export interface Kernel {
  /** The path of what QEMU starts. */
  readonly image: string;
  /** The path of its folder lib/modules. */
  readonly modules: string;
  /** As `uname -r` tells it. */
  readonly release: string;
}

/** Fetches the kernel, unless the cache has the newest one that apt knows of. */
export function prepareKernel(deadline: Deadline, cache: string): Kernel {
  const kernels = join(cache, 'kernels');
  mkdirSync(kernels, { recursive: true });
  let name = readNewest(cache);
  if (!name)
    withLock(join(cache, 'lock'), () => {
      name = readNewest(cache) ?? fetchNewest(deadline, cache);
    });
  const modules = join(kernels, name ?? '', 'lib/modules');
  const [release = ''] = readdirSync(modules);
  return { image: join(kernels, name ?? '', 'kernel'), modules, release };
}

/** The kernel that was the newest with apt's lists as they are now. Asking apt takes two seconds. */
function readNewest(cache: string): string | undefined {
  const file = join(cache, 'newest.json');
  if (!existsSync(file)) return undefined;
  const { listed, name } = JSON.parse(readFileSync(file, 'utf8')) as { listed?: number; name: string };
  return listed === listTime() && existsSync(join(cache, 'kernels', name)) ? name : undefined;
}

/** Changes when apt fetches its lists. */
function listTime(): number | undefined {
  return statSync('/var/lib/apt/lists', { throwIfNoEntry: false })?.mtimeMs;
}

const temporary = '.unpack-';

function fetchNewest(deadline: Deadline, cache: string): string {
  const kernels = join(cache, 'kernels');
  // What is left of a run that was ended; nobody else is here, because of the lock.
  for (const name of readdirSync(kernels)) if (name.startsWith(temporary)) remove(join(kernels, name));
  const folder = mkdtempSync(join(kernels, temporary));
  try {
    const name = withFreshLists(deadline, (quiet) => fetchInto(deadline, kernels, folder, quiet));
    if (!name) throw new LabError('apt knows of no kernel: it has no package linux-image-amd64.');
    writeWholeFile(join(cache, 'newest.json'), Buffer.from(JSON.stringify({ listed: listTime(), name })));
    return name;
  } finally {
    remove(folder);
  }
}

/** A program that a killed run started may still write there. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/**
 * Fetches the kernel and unpacks it by way of `folder`, which is empty.
 * @returns Its name in `kernels`, or undefined when apt cannot tell or fetch it.
 */
function fetchInto(deadline: Deadline, kernels: string, folder: string, quiet: boolean): string | undefined {
  const depends = runProgram(deadline, ['apt-cache', 'depends', 'linux-image-amd64'], { quiet });
  const [, kernel] = /^ +Depends: (linux-image-\d\S+)$/m.exec(depends?.toString() ?? '') ?? [];
  if (!kernel) return undefined;
  // Asked in a folder that has the file already, apt would not name it.
  const uris = runProgram(deadline, ['apt-get', '--print-uris', 'download', kernel], { folder, quiet });
  const [, name] = /^\S+ (\S+)\.deb /m.exec(uris?.toString() ?? '') ?? [];
  if (!name || existsSync(join(kernels, name))) return name;
  console.error(`Fetching Debian's ${kernel} (once, 70 MB) ...`);
  // apt would complain that its own user may not write here.
  const download = ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', kernel];
  if (!runProgram(deadline, download, { folder, quiet })) return undefined;
  unpack(deadline, folder, `${name}.deb`);
  renameSync(join(folder, tree), join(kernels, name));
  return name;
}

const tree = 'tree';

/** Unpacks the package `file`, which is in `folder`. */
function unpack(deadline: Deadline, folder: string, file: string): void {
  const root = join(folder, tree);
  runProgram(deadline, ['dpkg-deb', '-x', join(folder, file), root]);
  // Newer packages keep the modules there.
  if (!existsSync(join(root, 'lib'))) symlinkSync('usr/lib', join(root, 'lib'));
  const [release = ''] = readdirSync(join(root, 'lib/modules'));
  runProgram(deadline, ['depmod', '-b', root, release]);
  const image = readFileSync(join(root, 'boot', `vmlinuz-${release}`));
  const packed = findPacked(image);
  const whole = packed && runProgram(deadline, ['xz', '-dc', '--single-stream'], { input: packed });
  writeFileSync(join(root, 'kernel'), whole ?? image);
}

const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);

/**
 * The kernel itself inside a bzImage (Linux, Documentation/arch/x86/boot.rst). QEMU starts it directly: unpacking takes
 * four seconds in an emulated processor, and none here.
 * @returns undefined when it is packed in another way than with xz.
 */
export function findPacked(image: Buffer): Buffer | undefined {
  const setupSectors = image.readUInt8(0x1f1);
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  const packed = image.subarray(start, start + image.readUInt32LE(0x24c));
  return packed.subarray(0, xz.length).equals(xz) ? packed : undefined;
}
