// Writes the first files of the guest: busybox, lab/guest, and the modules that the guest needs to read the files of
// the host.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCpio } from './cpio.js';
import type { Kernel } from './debian-kernel.js';
import { LabError } from './lab-errors.js';
import { writeWholeFile } from './write-whole-file.js';

const wanted = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_console'];

/**
 * Plans the order in which the guest loads the modules. Each module comes after the modules that it needs.
 * @param dependencies The content of modules.dep of depmod: a line `path: path path` for each module.
 * @param builtin The content of modules.builtin: the paths of the modules that are part of the kernel.
 * @returns The paths of the modules, in this order.
 * @throws LabError if the kernel does not have one of the modules.
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

/** Returns the name of the module in a file. The name of the file may have dashes where the module has underscores. */
function nameOf(path: string): string {
  const [name = ''] = (path.split('/').at(-1) ?? '').split('.ko');
  return name.replaceAll('-', '_');
}

/** Returns the path of the initramfs. Writes the file if it does not exist. */
export function prepareInitramfs(cache: string, kernel: Kernel): string {
  const folder = join(kernel.modules, kernel.release);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const modules = planModules(wanted, read('modules.dep'), read('modules.builtin'));
  const packed = modules.find((path) => !path.endsWith('.ko'));
  if (packed) throw new LabError(`The module ${packed} is compressed. The lab can use only uncompressed modules.`);
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
