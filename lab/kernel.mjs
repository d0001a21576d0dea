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
import { withLock } from '../scripts/lock.mjs';
import { writeWhole } from './initramfs.mjs';
import { withFreshLists } from './packages.mjs';
import { LabError, step } from './steps.mjs';

/** @typedef {import('./steps.mjs').Deadline} Deadline */

/**
 * @typedef {object} Kernel
 * @property {string} image what QEMU starts
 * @property {string} modules the folder lib/modules
 * @property {string} release as `uname -r` tells it
 */

/** @param {Deadline} deadline @param {string} cache @returns {Kernel} */
export function prepareKernel(deadline, cache) {
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
 * The kernel that was the newest with apt's lists as they are now. Asking apt takes two seconds.
 * @param {string} cache
 * @returns {string | undefined}
 */
function readNewest(cache) {
  const file = join(cache, 'newest.json');
  if (!existsSync(file)) return undefined;
  const { listed, name } = JSON.parse(readFileSync(file, 'utf8'));
  return listed === listTime() && existsSync(join(cache, 'kernels', name)) ? name : undefined;
}

/** Changes when apt fetches its lists. */
function listTime() {
  return statSync('/var/lib/apt/lists', { throwIfNoEntry: false })?.mtimeMs;
}

const temporary = '.unpack-';

/** @param {Deadline} deadline @param {string} cache */
function fetchNewest(deadline, cache) {
  const kernels = join(cache, 'kernels');
  // What is left of a run that was ended; nobody else is here, because of the lock.
  for (const name of readdirSync(kernels)) if (name.startsWith(temporary)) remove(join(kernels, name));
  const folder = mkdtempSync(join(kernels, temporary));
  try {
    const name = withFreshLists(deadline, (quiet) => fetchInto(deadline, kernels, folder, quiet));
    if (!name) throw new LabError('apt knows of no kernel: it has no package linux-image-amd64.');
    writeWhole(join(cache, 'newest.json'), Buffer.from(JSON.stringify({ listed: listTime(), name })));
    return name;
  } finally {
    remove(folder);
  }
}

/** A program that a killed run started may still write there. @param {string} folder */
function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/**
 * @param {Deadline} deadline @param {string} kernels @param {string} folder an empty one
 * @param {boolean} quiet
 * @returns {string | undefined} the kernel's name in `kernels`, or undefined when apt cannot tell or fetch it
 */
function fetchInto(deadline, kernels, folder, quiet) {
  const depends = step(deadline, ['apt-cache', 'depends', 'linux-image-amd64'], { quiet });
  const [, kernel] = /^ +Depends: (linux-image-\d\S+)$/m.exec(depends?.toString() ?? '') ?? [];
  if (!kernel) return undefined;
  // Asked in a folder that has the file already, apt would not name it.
  const uris = step(deadline, ['apt-get', '--print-uris', 'download', kernel], { folder, quiet });
  const [, name] = /^\S+ (\S+)\.deb /m.exec(uris?.toString() ?? '') ?? [];
  if (!name || existsSync(join(kernels, name))) return name;
  console.error(`Fetching Debian's ${kernel} (once, 70 MB) ...`);
  // apt would complain that its own user may not write here.
  const download = ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', kernel];
  if (!step(deadline, download, { folder, quiet })) return undefined;
  unpack(deadline, folder, `${name}.deb`);
  renameSync(join(folder, tree), join(kernels, name));
  return name;
}

const tree = 'tree';

/** @param {Deadline} deadline @param {string} folder @param {string} file the package, in `folder` */
function unpack(deadline, folder, file) {
  const root = join(folder, tree);
  step(deadline, ['dpkg-deb', '-x', join(folder, file), root]);
  // Newer packages keep the modules there.
  if (!existsSync(join(root, 'lib'))) symlinkSync('usr/lib', join(root, 'lib'));
  const [release = ''] = readdirSync(join(root, 'lib/modules'));
  step(deadline, ['depmod', '-b', root, release]);
  const image = readFileSync(join(root, 'boot', `vmlinuz-${release}`));
  const packed = findPacked(image);
  const whole = packed && step(deadline, ['xz', '-dc', '--single-stream'], { input: packed });
  writeFileSync(join(root, 'kernel'), whole ?? image);
}

const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);

/**
 * The kernel itself inside a bzImage (Linux, Documentation/arch/x86/boot.rst). QEMU starts it directly: unpacking takes
 * four seconds in an emulated processor, and none here.
 * @param {Buffer} image
 * @returns {Buffer | undefined} undefined when it is packed in another way than with xz
 */
export function findPacked(image) {
  const setupSectors = image.readUInt8(0x1f1);
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  const packed = image.subarray(start, start + image.readUInt32LE(0x24c));
  return packed.subarray(0, xz.length).equals(xz) ? packed : undefined;
}
