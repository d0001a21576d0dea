// What the guest starts with before it sees the host's files: busybox, lab/guest, and the modules for those files.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCpio } from './cpio.js';
import type { Kernel } from './debian-kernel.js';
import { LabError } from './lab-errors.js';
import { writeWholeFile } from './write-whole-file.js';

const wanted = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_console'];

/**
 * The modules to load, in order, each after those that it needs.
 * @param dependencies modules.dep of depmod: `path: path path`, a line for each module.
 * @param builtin modules.builtin: the paths of modules that are in the kernel.
 * @returns Their paths.
 */
export function planModules(names: readonly string[], dependencies: string, builtin: string): string[] {
  const needs = new Map(
    dependencies.split('\n').flatMap((line) => {
      const [path = '', rest] = line.split(':');
      return rest === undefined ? [] : [[path, rest.split(' ').filter(Boolean)]];
    }),
  );
  const paths = new Map([...needs.keys()].map((path) => [nameOf(path), path]));
  const inside = new Set(builtin.split('\n').map(nameOf));
  const plan = new Set<string>();
  const add = (path: string) => {
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

/** A file's name may have dashes where the module's has underscores. */
function nameOf(path: string): string {
  const [name = ''] = (path.split('/').at(-1) ?? '').split('.ko');
  return name.replaceAll('-', '_');
}

/** Returns the path of the file, which is written when it is not there yet. */
export function prepareInitramfs(cache: string, kernel: Kernel): string {
  const folder = join(kernel.modules, kernel.release);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const modules = planModules(wanted, read('modules.dep'), read('modules.builtin'));
  const packed = modules.find((path) => !path.endsWith('.ko'));
  if (packed) throw new LabError(`The module ${packed} is compressed, which the laboratory does not know of.`);
  const names = modules.map((path) => path.replaceAll('/', '_'));
  const guest = (name: string) => readFileSync(new URL(`../guest/${name}`, import.meta.url));
  const archive = writeCpio([
    ...['bin', 'dev', 'proc', 'sys', 'host', 'layer', 'root', 'modules'].map((name) => ({ name })),
    { name: 'bin/busybox', content: readFileSync('/bin/busybox') },
    { name: 'init', content: guest('init') },
    { name: 'start', content: guest('start') },
    { name: 'modules/order', content: Buffer.from(`${names.join('\n')}\n`) },
    ...modules.map((path, index) => ({ name: `modules/${names[index]}`, content: readFileSync(join(folder, path)) })),
  ]);
  const file = join(cache, `initramfs-${createHash('sha256').update(archive).digest('hex').slice(0, 16)}.cpio`);
  if (!existsSync(file)) writeWholeFile(file, archive);
  return file;
}
