// Downloads the Debian kernel with apt and unpacks it in a cache. The lab never installs this kernel. It uses the
// package that linux-image-amd64 depends on, because this package has USB/IP. The kernel for clouds has no USB.
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
  /** The path of the file that QEMU starts. */
  readonly image: string;
  /** The path of the folder lib/modules of the kernel. */
  readonly modules: string;
  /** The release, as `uname -r` prints it. */
  readonly release: string;
}

/** Returns the newest kernel that apt knows. Downloads this kernel if it is not in the cache. */
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

/**
 * Returns the name of the newest kernel, if the lists of apt are the same as at the last question. A question to apt
 * takes two seconds.
 */
function readNewest(cache: string): string | undefined {
  const file = join(cache, 'newest.json');
  if (!existsSync(file)) return undefined;
  const { listed, name } = JSON.parse(readFileSync(file, 'utf8')) as { listed?: number; name: string };
  return listed === listTime() && existsSync(join(cache, 'kernels', name)) ? name : undefined;
}

/** Returns a time that changes when apt downloads its lists. */
function listTime(): number | undefined {
  return statSync('/var/lib/apt/lists', { throwIfNoEntry: false })?.mtimeMs;
}

const temporary = '.unpack-';

function fetchNewest(deadline: Deadline, cache: string): string {
  const kernels = join(cache, 'kernels');
  // A run that was killed can leave such a folder. The lock makes sure that no other run uses the folder now.
  for (const name of readdirSync(kernels)) if (name.startsWith(temporary)) remove(join(kernels, name));
  const folder = mkdtempSync(join(kernels, temporary));
  try {
    const name = withFreshLists(deadline, (quiet) => fetchInto(deadline, kernels, folder, quiet));
    if (!name)
      throw new LabError(
        'apt knows no package linux-image-amd64, so there is no kernel. Check the package sources of apt.',
      );
    writeWholeFile(join(cache, 'newest.json'), Buffer.from(JSON.stringify({ listed: listTime(), name })));
    return name;
  } finally {
    remove(folder);
  }
}

/** Tries several times, because a program of a killed run may still write into the folder. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/**
 * Downloads the kernel into `folder`, which is empty, and unpacks it into `kernels`.
 * @returns The name of the kernel in `kernels`. Undefined if apt cannot find or download it.
 */
function fetchInto(deadline: Deadline, kernels: string, folder: string, quiet: boolean): string | undefined {
  const depends = runProgram(deadline, ['apt-cache', 'depends', 'linux-image-amd64'], { quiet });
  const [, kernel] = /^ +Depends: (linux-image-\d\S+)$/m.exec(depends?.toString() ?? '') ?? [];
  if (!kernel) return undefined;
  // apt would not print the name if the folder already contained the file.
  const uris = runProgram(deadline, ['apt-get', '--print-uris', 'download', kernel], { folder, quiet });
  const [, name] = /^\S+ (\S+)\.deb /m.exec(uris?.toString() ?? '') ?? [];
  if (!name || existsSync(join(kernels, name))) return name;
  console.error(`Downloading the Debian package ${kernel} (once, 70 MB) ...`);
  // This option prevents a warning that the user of apt may not write here.
  const download = ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', kernel];
  if (!runProgram(deadline, download, { folder, quiet })) return undefined;
  unpack(deadline, folder, `${name}.deb`);
  renameSync(join(folder, tree), join(kernels, name));
  return name;
}

const tree = 'tree';

/** Unpacks the package `file` of `folder`. */
function unpack(deadline: Deadline, folder: string, file: string): void {
  const root = join(folder, tree);
  runProgram(deadline, ['dpkg-deb', '-x', join(folder, file), root]);
  // Newer packages have the modules in usr/lib.
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
 * Finds the packed kernel inside of a bzImage (Linux, Documentation/arch/x86/boot.rst). The lab unpacks this kernel and
 * QEMU starts it directly, because an emulated processor needs four seconds to unpack it.
 * @returns The packed kernel. Undefined if it is not packed with xz.
 */
export function findPacked(image: Buffer): Buffer | undefined {
  const setupSectors = image.readUInt8(0x1f1);
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  const packed = image.subarray(start, start + image.readUInt32LE(0x24c));
  return packed.subarray(0, xz.length).equals(xz) ? packed : undefined;
}
