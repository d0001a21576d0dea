// QEMU's arguments. Pure.

/** The machine that QEMU is to be. */
export interface Machine {
  readonly kvm: boolean;
  /** In MiB. */
  readonly memory: number;
  /** The path of the kernel. */
  readonly image: string;
  readonly initramfs: string;
  /** Whether the kernel tells on its console what it does. */
  readonly verbose: boolean;
  /** The folder whose files are kept, or ''. */
  readonly results: string;
}

/** The descriptors of QEMU that lead to the guest's serial ports, in their order: stdin, stdout, stderr, dialogue. */
export const portDescriptors = [3, 4, 5, 6];

/**
 * A kernel in trouble ends at once instead of when the time is up. It takes the timer for granted: on a busy machine the
 * emulated one can be late when the kernel tries it, which then panics. The others make it quicker where it is emulated: it
 * need not defend itself or clear memory, and reads the time from the processor instead of a timer's registers.
 */
const parameters = 'panic=-1 oops=panic no_timer_check mitigations=off init_on_alloc=0 tsc=reliable';

export function qemuArguments({ kvm, memory, image, initramfs, verbose, results }: Machine): string[] {
  const ports = portDescriptors.flatMap((descriptor, index) => [
    ...['-chardev', `socket,id=port${index},fd=${descriptor}`],
    ...['-device', `virtserialport,chardev=port${index},nr=${index + 1}`],
  ]);
  const console = verbose ? 'console=ttyS0' : 'console=ttyS0 quiet';
  return [
    // Page tables of five levels make each walk longer, for the emulator too.
    ...(kvm ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi', '-cpu', 'max,la57=off']),
    ...['-smp', '2', '-m', `${memory}`, '-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-serial', 'stdio', '-kernel', image, '-initrd', initramfs],
    ...['-append', `${console} ${parameters}`],
    ...['-device', 'virtio-serial-pci', ...ports],
    ...share('hostroot', '/', 'readonly=on,multidevs=remap'),
    ...(results ? share('results', results, 'multidevs=remap') : []),
  ];
}

function share(tag: string, folder: string, options: string): string[] {
  // A comma ends an option's value, and two of them are one.
  return ['-virtfs', `local,path=${folder.replaceAll(',', ',,')},mount_tag=${tag},security_model=none,${options}`];
}
