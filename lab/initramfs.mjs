// What the guest starts with before it sees the host's files: busybox, lab/guest, and the modules for those files.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCpio } from './cpio.mjs';
import { LabError } from './steps.mjs';

/** @typedef {import('./kernel.mjs').Kernel} Kernel */

const wanted = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_console'];

/**
 * The modules to load, in order, each after those that it needs.
 * @param {readonly string[]} names
 * @param {string} dependencies modules.dep of depmod: `path: path path`, a line for each module
 * @param {string} builtin modules.builtin: the paths of modules that are in the kernel
 * @returns {string[]} paths
 */
export function planModules(names, dependencies, builtin) {
  const needs = new Map(
    dependencies.split('\n').flatMap((line) => {
      const [path = '', rest] = line.split(':');
      return rest === undefined ? [] : [[path, rest.split(' ').filter(Boolean)]];
    }),
  );
  const paths = new Map([...needs.keys()].map((path) => [nameOf(path), path]));
  const inside = new Set(builtin.split('\n').map(nameOf));
  /** @type {Set<string>} */
  const plan = new Set();
  /** @param {string} path */
  const add = (path) => {
    for (const need of needs.get(path) ?? []) add(need);
    plan.add(path);
  };
  for (const name of names) {
    const path = paths.get(name);
    if (path) add(path);
    else if (!inside.has(name)) throw new LabError(`The kernel has no module ${name}, which the guest needs to start.`);
  }
  return [...plan];
}

/** A file's name may have dashes where the module's has underscores. @param {string} path */
function nameOf(path) {
  const [name = ''] = (path.split('/').at(-1) ?? '').split('.ko');
  return name.replaceAll('-', '_');
}

/**
 * @param {string} cache
 * @param {Kernel} kernel
 * @returns {string} the file, which is written when it is not there yet
 */
export function prepareInitramfs(cache, kernel) {
  const folder = join(kernel.modules, kernel.release);
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name), 'utf8');
  const modules = planModules(wanted, read('modules.dep'), read('modules.builtin'));
  const packed = modules.find((path) => !path.endsWith('.ko'));
  if (packed) throw new LabError(`The module ${packed} is compressed, which the laboratory does not know of.`);
  const names = modules.map((path) => path.replaceAll('/', '_'));
  const guest = (/** @type {string} */ name) => readFileSync(new URL(`guest/${name}`, import.meta.url));
  const archive = writeCpio([
    ...['bin', 'dev', 'proc', 'sys', 'host', 'layer', 'root', 'modules'].map((name) => ({ name })),
    { name: 'bin/busybox', content: readFileSync('/bin/busybox') },
    { name: 'init', content: guest('init') },
    { name: 'start', content: guest('start') },
    { name: 'modules/order', content: Buffer.from(`${names.join('\n')}\n`) },
    ...modules.map((path, index) => ({ name: `modules/${names[index]}`, content: readFileSync(join(folder, path)) })),
  ]);
  const file = join(cache, `initramfs-${createHash('sha256').update(archive).digest('hex').slice(0, 16)}.cpio`);
  if (!existsSync(file)) writeWhole(file, archive);
  return file;
}

/** Nobody sees a half-written file, and of two that write the same, one wins. @param {string} file @param {Buffer} content */
export function writeWhole(file, content) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, content);
  renameSync(own, file);
}
