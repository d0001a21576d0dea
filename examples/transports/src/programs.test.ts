// What each program says: over a socket and a pseudo-terminal to an emulated device, over HID and USB without one.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';

const PAID = (transport: string) =>
  new RegExp(`^SUCCESS over ${transport}: please tap your phone\\.\ncancel: SUCCESS\n$`);

/** The POS waits 3 s; the rest is for a busy machine to start npm and Node. */
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
    test(`${transport}: a device that is not there is said to be missing, in time`, IN_TIME, async () => {
      // A name that no device has, so that this holds where one is attached too.
      const { code, stdout, stderr } = await npm(transport, {
        BLUETAP_DEVICE: 'NO-SUCH-DEVICE',
        BLUETAP_TRANSPORT: '',
      });
      const missing = `${transport}: no BlueTap device with the serial number or id "NO-SUCH-DEVICE"\\.`;
      // A slim container has no device either, and can lack what it would take to look for one.
      const why = `(${missing}.*|.*: on Debian install .*)`;
      const expected = `^DEVICE_DISCONNECTED, the command was not-sent: No device within 3000 ms: ${why}\n$`;
      assert.match(stderr, new RegExp(expected));
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    });
  }
});

test('socket: an emulated device in another process', async () => {
  const { code, stdout } = await npm('socket:emulated');
  assert.match(stdout, PAID('tcp://127\\.0\\.0\\.1:\\d+'));
  assert.equal(code, 0);
});

test('socket: nothing listens there', async () => {
  const { code, stderr } = await npm('socket', { BLUETAP_TRANSPORT: 'tcp://127.0.0.1:1' });
  assert.match(stderr, /^DEVICE_DISCONNECTED, .*: nothing listens at tcp:\/\/127\.0\.0\.1:1: /);
  assert.equal(code, 1);
});

const canPty = spawnSync('script', ['-qfec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;
const skip = canPty ? false : 'the program script of util-linux is missing';
test('serial: an emulated device at a pseudo-terminal', { skip }, async () => {
  const { code, stdout } = await npm('serial:emulated');
  assert.match(stdout, PAID('serial:/dev/.*'));
  assert.equal(code, 0);
});
