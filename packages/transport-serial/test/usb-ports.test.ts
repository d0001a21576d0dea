import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { usbPorts } from '../src/usb-ports.js';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bluetap-ports-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

it('contains the port of each USB device, with the ids of the device', () => {
  const root = folder();
  const ports = join(root, 'class');
  /** Makes a port in the folder of a device, in the form of the kernel. */
  const plug = (name: string, device: string, within: string, texts: Record<string, string>) => {
    const at = join(root, 'devices', device);
    mkdirSync(join(at, within), { recursive: true });
    mkdirSync(join(ports, name), { recursive: true });
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(at, file), `${text}\n`);
    symlinkSync(join(at, within), join(ports, name, 'device'));
  };
  const ids = { idVendor: '1209', idProduct: '0001' };
  plug('ttyACM1', 'usb1/1-2', '1-2:1.2', { ...ids, serial: 'BT-2' });
  plug('ttyACM0', 'usb1/1-1', '1-1:1.2', { ...ids, serial: 'BT-1' });
  plug('ttyUSB0', 'usb1/1-3', '1-3:1.0/ttyUSB0', { idVendor: '0403', idProduct: '6001' });
  plug('ttyAMA0', 'platform/uart', '.', {});
  mkdirSync(join(ports, 'console'));
  expect(usbPorts(ports)).toEqual([
    { path: '/dev/ttyACM0', vendorId: '1209', productId: '0001', serialNumber: 'BT-1' },
    { path: '/dev/ttyACM1', vendorId: '1209', productId: '0001', serialNumber: 'BT-2' },
    { path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001', serialNumber: undefined },
  ]);
  rmSync(join(root, 'devices', 'usb1/1-1'), { recursive: true });
  expect(usbPorts(ports).map(({ path }) => path)).toEqual(['/dev/ttyACM1', '/dev/ttyUSB0']);
  expect(usbPorts(join(root, 'none'))).toEqual([]);
});

it.runIf(process.platform === 'linux')('runs no program that could hang and keep the process', async () => {
  const bin = folder();
  writeFileSync(join(bin, 'udevadm'), '#!/bin/sh\nexec sleep 60\n');
  chmodSync(join(bin, 'udevadm'), 0o755);
  const source = `
    import { serial } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const stop = serial().watch(() => {});
    console.log(Array.isArray(await serial().list()));
    stop();`;
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], { env });
  expect(stdout).toBe('true\n');
});
