import { expect, test } from 'vitest';
import { call } from './cli.js';

const PAY = ['pay', '--transport', 'emulator', '--payment-method', 'TRUEMONEY', '--expiry-time'];
const NOTE =
  'bluetap: --expiry-time 900000 is in seconds: more than 10 days. If you meant milliseconds, type --expiry-time 900.\n';

test.each([
  [[...PAY, '900000', '--json'], NOTE],
  [[...PAY, '900000'], NOTE],
  [['demo', '--payment-method', 'TRUEMONEY', '--expiry-time', '900000'], NOTE],
  [
    [...'encode pay --session 1 --sequence 1 --payment-method TRUEMONEY --expiry-time'.split(' '), '86401'],
    'bluetap: --expiry-time 86401 is in seconds: more than a day. If you meant milliseconds, type --expiry-time 86.\n',
  ],
  [[...PAY, '86400', '--json'], ''],
  [[...PAY.slice(0, -1), '--json'], ''],
])('%j prints a note about milliseconds, and uses the value that was typed (C-6)', async (args, stderr) => {
  const ended = await call(args);
  expect(ended).toMatchObject({ code: 0, stderr });
  if (args.includes('--json')) {
    const typed = args.includes('--expiry-time') ? Number(args[args.indexOf('--expiry-time') + 1]) : 900;
    expect(JSON.parse(ended.stdout)).toMatchObject({ code: 'SUCCESS', remaining: typed });
  }
});

test.each(['0', '1e6', '2147483648'])('%s breaks its rule, and only that is printed (C-6)', async (time) => {
  const { code, stdout, stderr } = await call([...PAY, time]);
  expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 2, stdout: '', lines: 2 });
  expect(stderr).not.toContain('milliseconds');
});
