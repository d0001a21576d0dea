// Checks the output of each program. The programs for socket and serial port pay at an emulated device. The programs
// for HID and USB run without a device.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';

const PAID = (transport: string) =>
  new RegExp(`^SUCCESS over ${transport}: please tap your phone\\.\ncancel: SUCCESS\n$`);

/** The POS waits 3 s. A busy machine needs the other seconds to start npm and Node. */
const IN_TIME = { timeout: 20_000 };

async function npm(script: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn('npm', ['run', '--silent', script], {
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, ...texts };
}

describe('without a device', { concurrency: true }, () => {
  for (const transport of ['hid', 'usb', 'serial']) {
    test(`${transport}: the program says in time that the device is missing`, IN_TIME, async () => {
      // No device has this name, so the test also passes if a device is attached.
      const { code, stdout, stderr } = await npm(transport, {
        BLUETAP_DEVICE: 'NO-SUCH-DEVICE',
        BLUETAP_TRANSPORT: '',
      });
      const missing = `${transport}: no BlueTap device with the serial number or id "NO-SUCH-DEVICE"\\.`;
      // A small container can lack the library that looks for a device.
      const why = `(${missing}.*|.*: on Debian install .*)`;
      const expected = `^DEVICE_DISCONNECTED, the command was not-sent: No device within 3000 ms: ${why}\n$`;
      assert.match(stderr, new RegExp(expected));
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    });
  }
});

test('socket: the program pays at an emulated device in another process', async () => {
  const { code, stdout } = await npm('socket:emulated');
  assert.match(stdout, PAID('tcp://127\\.0\\.0\\.1:\\d+'));
  assert.equal(code, 0);
});

test('socket: the program says that nothing listens at the address', async () => {
  const { code, stderr } = await npm('socket', { BLUETAP_TRANSPORT: 'tcp://127.0.0.1:1' });
  assert.match(stderr, /^DEVICE_DISCONNECTED, .*: nothing listens at tcp:\/\/127\.0\.0\.1:1: /);
  assert.equal(code, 1);
});

const canPty = spawnSync('script', ['-qfec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;
const skip = canPty ? false : 'the program script of util-linux is missing';
test('serial: the program pays at an emulated device at a pseudo-terminal', { skip }, async () => {
  const { code, stdout } = await npm('serial:emulated');
  assert.match(stdout, PAID('serial:/dev/.*'));
  assert.equal(code, 0);
});
