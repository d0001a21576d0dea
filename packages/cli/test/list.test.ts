import { hid } from '@bluetap/transport-hid';
import { expect, test } from 'vitest';
import type { Hardware } from '../src/devices/transport.js';
import { call, run } from './cli.js';

const late = (transport: string) => ({
  transports: [{ transport, error: { code: 'timeout', message: expect.stringContaining('took longer than 1 ms') } }],
});

test.each([
  [[], 'hid'],
  [['--transport', 'auto'], 'hid, usb or serial'],
])(
  'with %j, --timeout limits the time of each transport, and a transport that is late has a row',
  async (args, name) => {
    // A library that never answers. Without the limit, the command would not end.
    const hanging: Hardware = (timeoutMs) => [hid({ timeoutMs, load: () => new Promise(() => {}) })];
    const { code, stdout, stderr } = await call(['list', ...args, '--timeout', '1', '--json'], hanging);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(late(name));
  },
);

test('--timeout limits the time of the transport that --transport names', async () => {
  // In this process, node-hid never finishes loading.
  const hangs = 'data:text/javascript,await new Promise(() => {})';
  const hooks = `export const resolve = (name, context, next) =>
    name === 'node-hid' ? { url: ${JSON.stringify(hangs)}, shortCircuit: true } : next(name, context);`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(inUrl(hooks))});`;
  const environment = { NODE_OPTIONS: `--import ${inUrl(register)}` };
  const { code, stdout, stderr } = await run(['list', '--transport', 'hid', '--timeout', '1', '--json'], environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual(late('hid'));
});

test('an emulated device is shown as simulated only once', async () => {
  const { stdout } = await call(['list', '--transport', 'emulator']);
  expect(stdout).toMatch(/^EMU-0001 +BlueTap \(simulated\) +in-process /m);
});

test.each(['0', '1s', '', '2147483648'])('--timeout %j is refused', async (timeout) => {
  const { code, stdout, stderr } = await call(['list', '--timeout', timeout]);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain('--timeout must be a whole number of milliseconds from 1 to 2147483647');
});

function inUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
