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

/** @param {Deadline} deadline @param {string} cache */
function fetchNewest(deadline, cache) {
  const kernels = join(cache, 'kernels');
  // What is left of a run that was ended; nobody else is here, because of the lock.
  for (const name of readdirSync(kernels))
    if (name.startsWith(temporary)) rmSync(join(kernels, name), { recursive: true });
  const name = withFreshLists(deadline, (quiet) => {
    const found = findNewest(deadline, quiet);
    return found && (existsSync(join(kernels, found.name)) || unpack(deadline, kernels, found, quiet))
      ? found.name
      : undefined;
  });
  if (!name)
    throw new LabError('apt knows of no kernel: there is no package linux-image-amd64, or it cannot be fetched.');
  writeWhole(join(cache, 'newest.json'), Buffer.from(JSON.stringify({ listed: listTime(), name })));
  return name;
}

const temporary = '.unpack-';

/** @param {Deadline} deadline @param {boolean} quiet */
function findNewest(deadline, quiet) {
  const depends = step(deadline, ['apt-cache', 'depends', 'linux-image-amd64'], { quiet });
  const [, kernel] = /^ +Depends: (linux-image-\d\S+)$/m.exec(depends?.toString() ?? '') ?? [];
  if (!kernel) return undefined;
  const uris = step(deadline, ['apt-get', '--print-uris', 'download', kernel], { quiet });
  const [, name] = /^\S+ (\S+)\.deb /m.exec(uris?.toString() ?? '') ?? [];
  return name ? { kernel, name } : undefined;
}

/**
 * @param {Deadline} deadline @param {string} kernels @param {{ kernel: string, name: string }} found @param {boolean} quiet
 * @returns {boolean} false when it could not be fetched, and `quiet` is set
 */
function unpack(deadline, kernels, { kernel, name }, quiet) {
  console.error(`Fetching Debian's ${kernel} (once, 70 MB) ...`);
  const folder = mkdtempSync(join(kernels, temporary));
  try {
    // apt would complain that its own user may not write here.
    const download = ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', kernel];
    if (!step(deadline, download, { folder, quiet })) return false;
    const [file = ''] = readdirSync(folder);
    const tree = join(folder, 'tree');
    step(deadline, ['dpkg-deb', '-x', join(folder, file), tree]);
    // Newer packages keep the modules there.
    if (!existsSync(join(tree, 'lib'))) symlinkSync('usr/lib', join(tree, 'lib'));
    const [release = ''] = readdirSync(join(tree, 'lib/modules'));
    step(deadline, ['depmod', '-b', tree, release]);
    const image = readFileSync(join(tree, 'boot', `vmlinuz-${release}`));
    const packed = findPacked(image);
    writeFileSync(
      join(tree, 'kernel'),
      packed ? (step(deadline, ['xz', '-dc', '--single-stream'], { input: packed }) ?? image) : image,
    );
    renameSync(tree, join(kernels, name));
    return true;
  } finally {
    rmSync(folder, { recursive: true });
  }
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
