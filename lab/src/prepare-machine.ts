import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Deadline } from './deadline.js';
import { type Kernel, prepareKernel } from './debian-kernel.js';
import { ensurePackages } from './debian-packages.js';
import { prepareInitramfs } from './initramfs.js';
import { hasKvm } from './kvm-probe.js';

/** What QEMU needs to start the guest. */
export interface PreparedMachine {
  readonly kernel: Kernel;
  readonly initramfs: string;
  readonly kvm: boolean;
}

/**
 * Installs the packages of Debian, and makes what the guest starts from. It stays in a cache, so a second call is fast.
 * @param packages The packages that the command needs besides those of the lab.
 */
export async function prepareMachine(deadline: Deadline, packages: readonly string[]): Promise<PreparedMachine> {
  await ensurePackages(deadline, packages);
  const cache = prepareCache();
  const kernel = prepareKernel(deadline, cache);
  const initramfs = prepareInitramfs(cache, kernel);
  return { kernel, initramfs, kvm: hasKvm(cache, kernel.image, initramfs) };
}

function prepareCache(): string {
  const { BLUETAP_LAB_CACHE: own, XDG_CACHE_HOME: common } = process.env;
  const cache = resolve(own || join(common || join(homedir(), '.cache'), 'bluetap-lab'));
  mkdirSync(cache, { recursive: true });
  return cache;
}
