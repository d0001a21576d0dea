// Runs in the guest. An emulated device becomes a USB device of this kernel. The program pays over each of its
// functions.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bluetap = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const deadline = AbortSignal.timeout(120_000);

for (const module of ['vhci-hcd', 'usbhid', 'hid-generic', 'cdc-acm']) execFileSync('modprobe', [module]);
const emulator = spawn(process.execPath, [bluetap, 'emulate', '--usbip', '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [first] = await once(createInterface({ input: emulator.stdout }), 'line', { signal: deadline });
const { busid, serialNumber } = JSON.parse(first).devices[0];
console.log(`${serialNumber} is exported as ${busid}`);
execFileSync('usbip', ['attach', '-r', '127.0.0.1', '-b', busid]);

let failed = 0;
for (const transport of ['hid', 'usb', 'serial', 'auto']) {
  // The device can appear after this command has started, because the SDK waits for it.
  const asked = ['pay', '--transport', transport, '--payment-method', 'TRUEMONEY', '--amount', '120.00'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [bluetap, ...asked, '--timeout', '60000', '--json'], {
    encoding: 'utf8',
  });
  const paid = status === 0 && JSON.parse(stdout).device.serialNumber === serialNumber;
  if (!paid) failed++;
  console.log(
    `${paid ? 'ok     ' : 'FAILED '} pay over ${transport}${paid ? '' : `: exit code ${status}\n${stdout}${stderr}`}`,
  );
}
console.log(execFileSync(process.execPath, [bluetap, 'list'], { encoding: 'utf8' }));
emulator.kill();
process.exitCode = failed === 0 ? 0 : 1;
