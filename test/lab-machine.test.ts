import { describe, expect, test } from 'vitest';
import { writeCpio } from '../lab/src/cpio.js';
import { findPacked } from '../lab/src/debian-kernel.js';
import { planModules } from '../lab/src/initramfs.js';
import { LabError } from '../lab/src/lab-errors.js';
import { portDescriptors, qemuArguments } from '../lab/src/qemu-arguments.js';

describe('planModules', () => {
  const dependencies = [
    'kernel/fs/9p/9p.ko: kernel/net/9p/9pnet.ko kernel/fs/fscache/fscache.ko kernel/fs/netfs/netfs.ko',
    'kernel/fs/fscache/fscache.ko: kernel/fs/netfs/netfs.ko',
    'kernel/fs/netfs/netfs.ko:',
    'kernel/net/9p/9pnet.ko:',
    'kernel/drivers/usb/usbip/vhci-hcd.ko: kernel/drivers/usb/usbip/usbip-core.ko',
    'kernel/drivers/usb/usbip/usbip-core.ko:',
    '',
  ].join('\n');
  const builtin = 'kernel/fs/overlayfs/overlay.ko\nkernel/lib/libcrc32c.ko\n';

  test('lists each module once, after the modules that it needs', () => {
    expect(planModules(['9p', 'vhci_hcd', '9pnet'], dependencies, builtin)).toEqual([
      'kernel/net/9p/9pnet.ko',
      'kernel/fs/netfs/netfs.ko',
      'kernel/fs/fscache/fscache.ko',
      'kernel/fs/9p/9p.ko',
      'kernel/drivers/usb/usbip/usbip-core.ko',
      'kernel/drivers/usb/usbip/vhci-hcd.ko',
    ]);
  });

  test('omits modules that are built into the kernel', () => {
    expect(planModules(['overlay', 'netfs'], dependencies, builtin)).toEqual(['kernel/fs/netfs/netfs.ko']);
  });

  test('names a module that does not exist', () => {
    expect(() => planModules(['btrfs'], dependencies, builtin)).toThrow(LabError);
    expect(() => planModules(['btrfs'], dependencies, builtin)).toThrow('no module btrfs');
  });
});

test('an archive follows the format "newc" of cpio', () => {
  // Written from the description of the format, field by field: 110 characters, then the name and the content. Each
  // part is padded to a multiple of 4 bytes.
  const folder =
    '070701' +
    '00000001' +
    '000041ed' +
    '00000000'.repeat(2) +
    '00000001' +
    '00000000'.repeat(6) +
    '00000004' +
    '00000000';
  const file =
    '070701' +
    '00000002' +
    '000081ed' +
    '00000000'.repeat(2) +
    '00000001' +
    '00000000' +
    '00000005' +
    '00000000'.repeat(4) +
    '00000006' +
    '00000000';
  const trailer = `070701${'00000000'.repeat(4)}00000001${'00000000'.repeat(6)}0000000b00000000`;
  const archive = writeCpio([{ name: 'bin' }, { name: 'bin/x', content: Buffer.from('hello') }]);
  expect(archive.toString('latin1')).toBe(`${folder}bin\0\0\0${file}bin/x\0hello\0\0\0${trailer}TRAILER!!!\0\0\0\0`);
});

describe('findPacked', () => {
  /** Makes a bzImage with three sectors for its setup, and 8 bytes before its payload. */
  function image(payload: Buffer): Buffer {
    const bytes = Buffer.alloc(4 * 512 + 8 + payload.length + 100, 0xee);
    bytes.writeUInt8(3, 0x1f1);
    bytes.writeUInt32LE(8, 0x248);
    bytes.writeUInt32LE(payload.length, 0x24c);
    payload.copy(bytes, 4 * 512 + 8);
    return bytes;
  }

  test('finds a payload that xz packed, and no other payload', () => {
    const packed = Buffer.from('\xfd7zXZ\0and so on', 'latin1');
    expect(findPacked(image(packed))).toEqual(packed);
    expect(findPacked(image(Buffer.from('\x1f\x8bgzip', 'latin1')))).toBeUndefined();
  });
});

describe('qemuArguments', () => {
  const machine = { kvm: false, memory: 512, image: '/k', initramfs: '/i', verbose: false, results: '' };
  const valuesOf = (option: string, args: string[]) => args.filter((_, index) => args[index - 1] === option);

  test('share the root for reading, and one folder for writing if it is requested', () => {
    expect(valuesOf('-virtfs', qemuArguments(machine))).toEqual([
      expect.stringMatching(/^local,path=\/,.*readonly=on/),
    ]);
    const [, results] = valuesOf('-virtfs', qemuArguments({ ...machine, results: '/a,b' }));
    expect(results).toMatch(/^local,path=\/a,,b,mount_tag=results,/);
    expect(results).not.toContain('readonly');
  });

  test('connect each port to a separate descriptor', () => {
    const args = qemuArguments(machine);
    expect(valuesOf('-chardev', args)).toEqual(portDescriptors.map((fd, index) => `socket,id=port${index},fd=${fd}`));
    expect(valuesOf('-device', args).slice(1)).toEqual(
      portDescriptors.map((_, index) => `virtserialport,chardev=port${index},nr=${index + 1}`),
    );
  });

  test('depend on the abilities of the processor, and on the requested output', () => {
    expect(valuesOf('-accel', qemuArguments(machine))).toEqual(['tcg,thread=multi']);
    expect(valuesOf('-accel', qemuArguments({ ...machine, kvm: true }))).toEqual(['kvm']);
    expect(valuesOf('-append', qemuArguments(machine))[0]).toContain(' quiet ');
    expect(valuesOf('-append', qemuArguments({ ...machine, verbose: true }))[0]).not.toContain('quiet');
  });
});
