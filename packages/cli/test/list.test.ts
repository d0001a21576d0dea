import { expect, test } from 'vitest';
import { call, run } from './cli.js';

test('--timeout limits the time of each transport, and a transport that is late has a row', async () => {
  // On every machine, the library takes longer than this to load.
  const { code, stdout, stderr } = await run(['list', '--transport', 'hid', '--timeout', '1', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    transports: [
      { transport: 'hid', error: { code: 'timeout', message: expect.stringContaining('took longer than 1 ms') } },
    ],
  });
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
