// Finds out whether the processor can run the guest with KVM. Inside of another virtual machine, /dev/kvm can exist,
// but QEMU aborts with it or the guest never starts. So the lab must try it.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWholeFile } from './write-whole-file.js';

/** The time limit of the trial. With KVM the kernel starts in one or two seconds. */
const WAIT_LIMIT_MS = 10_000;

interface Known {
  /** The boot id of this machine. */
  readonly boot: string;
  readonly works: boolean;
}

/** True if QEMU starts this kernel with KVM. The function stores the answer in `cache`. */
export function hasKvm(cache: string, image: string, initramfs: string): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return false;
  }
  // The lab tries KVM once after each start of this machine.
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
