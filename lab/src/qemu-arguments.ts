// Makes the arguments of QEMU. Pure.

/** The machine that QEMU runs. */
export interface Machine {
  readonly kvm: boolean;
  /** The memory, in MiB. */
  readonly memory: number;
  /** The path of the kernel. */
  readonly image: string;
  readonly initramfs: string;
  /** True if the kernel prints its messages on its console. */
  readonly verbose: boolean;
  /** The folder in which the command can keep files, or ''. */
  readonly results: string;
}

/** The file descriptors of QEMU for the serial ports of the guest, in this order: stdin, stdout, stderr, dialogue. */
export const portDescriptors = [3, 4, 5, 6];

/**
 * The parameters of the kernel. With `panic` and `oops`, a kernel that fails ends immediately, and not when the time is
 * over. With `no_timer_check`, the kernel does not test its timer. On a busy machine the emulated timer can be late in
 * this test, and then the kernel panics. The other parameters make an emulated kernel faster. It does not need
 * protection against attacks, it does not clear memory, and it reads the time from the processor instead of the
 * registers of a timer.
 */
const parameters = 'panic=-1 oops=panic no_timer_check mitigations=off init_on_alloc=0 tsc=reliable';

export function qemuArguments({ kvm, memory, image, initramfs, verbose, results }: Machine): string[] {
  const ports = portDescriptors.flatMap((descriptor, index) => [
    ...['-chardev', `socket,id=port${index},fd=${descriptor}`],
    ...['-device', `virtserialport,chardev=port${index},nr=${index + 1}`],
  ]);
  const console = verbose ? 'console=ttyS0' : 'console=ttyS0 quiet';
  return [
    // Without la57, page tables have four levels instead of five, so that each walk is shorter, also in the emulated
    // processor.
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
  // A comma ends the value of an option. Two commas mean one comma in the value.
  return ['-virtfs', `local,path=${folder.replaceAll(',', ',,')},mount_tag=${tag},security_model=none,${options}`];
}
