// Whether the processor can run the guest itself. A machine may have /dev/kvm that aborts QEMU or never gets anywhere, as
// inside another virtual machine, so that only trying tells.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWholeFile } from './write-whole-file.js';

/** With KVM the kernel gets there in a second or two. */
const WAIT_LIMIT_MS = 10_000;

interface Known {
  /** Of the start of this machine. */
  readonly boot: string;
  readonly works: boolean;
}

/** Whether QEMU starts this kernel with KVM. The answer is kept in `cache`. */
export function hasKvm(cache: string, image: string, initramfs: string): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return false;
  }
  // Found out once between two starts of this machine.
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const file = join(cache, 'kvm.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Known) : undefined;
  if (known?.boot === boot) return known.works;
  const works = tryKvm(image, initramfs);
  writeWholeFile(file, Buffer.from(JSON.stringify({ boot, works })));
  return works;
}

function tryKvm(image: string, initramfs: string): boolean {
  const machine = ['-accel', 'kvm', '-cpu', 'host', '-smp', '2', '-m', '512', '-nodefaults', '-no-reboot'];
  const guest = ['-kernel', image, '-initrd', initramfs, '-append', 'console=ttyS0 quiet panic=-1 bluetap.probe'];
  const { stdout } = spawnSync('qemu-system-x86_64', [...machine, '-display', 'none', '-serial', 'stdio', ...guest], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: WAIT_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  return stdout?.includes('bluetap-lab-alive') ?? false;
}
