// The contract of the command `bluetap`, as docs/reference/cli.md has it: exit codes, stdout and stderr, JSON.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { BLUETAP, bluetap } from './bluetap.js';

const FRAME = '00150102ffffff0109545255454d4f4e455914b87e1d00';

test('demo shows the four commands of the sample', async () => {
  const { code, out, err } = await bluetap('demo');
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  const rows = [...out.matchAll(/^(TRUEMONEY|SEVEN_11|ALIPAY_PLUS|Test) +(\w+) /gm)].map(([, method, result]) => [
    method,
    result,
  ]);
  assert.deepEqual(rows, [
    ['TRUEMONEY', 'SUCCESS'],
    ['SEVEN_11', 'SUCCESS'],
    ['ALIPAY_PLUS', 'SUCCESS'],
    ['Test', 'PARAM_ILLEGAL'],
  ]);
});

test('list --json has a row for each transport', async () => {
  const { code, out, err } = await bluetap('list', '--json');
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  const [hid, ...rest] = JSON.parse(out).transports;
  assert.deepEqual([hid.transport, hid.error.code], ['hid', 'missing-library']);
  assert.deepEqual(rest, [
    { transport: 'usb', devices: [] },
    { transport: 'serial', devices: [] },
  ]);
});

test('list names no package of Linux', async () => {
  const { code, out, err } = await bluetap('list');
  assert.equal(code, 0);
  assert.match(out, /^No device was found\./);
  assert.doesNotMatch(out + err, /Debian|Alpine|libudev|udev/);
});

test('doctor --json tells of Windows, and its exit code is 0 because a transport works', async () => {
  const { code, out } = await bluetap('doctor', '--json');
  assert.equal(code, 0);
  const { findings } = JSON.parse(out);
  const found = Object.fromEntries(findings.map((one: { what: string; verdict: string }) => [one.what, one.verdict]));
  assert.deepEqual(found, { bluetap: 'ok', Node: 'ok', libraries: 'ok', hid: 'bad', usb: 'note', serial: 'note' });
  assert.match(findings.find(({ what }: { what: string }) => what === 'Node').found, / on win32 x64$/);
  assert.doesNotMatch(out, /Debian|Alpine|udev|dialout/);
});

test('encode and decode are the reverse of each other', async () => {
  const fields = ['--session', '65535', '--sequence', '255', '--payment-method', 'TRUEMONEY'];
  assert.deepEqual(await bluetap('encode', 'pay', ...fields), { code: 0, out: `${FRAME}\n`, err: '' });
  const message = { type: 'PAY', session: 65535, sequence: 255, paymentMethod: 'TRUEMONEY' };
  assert.deepEqual(await bluetap('decode', FRAME), { code: 0, out: `${JSON.stringify(message)}\n`, err: '' });
});

test('decode of a damaged frame ends with 1, and its JSON names the damage', async () => {
  const { code, out, err } = await bluetap('decode', FRAME.replace('1d00', '1e00'));
  assert.deepEqual({ code, out }, { code: 1, out: '{"layer":"frame","code":"crc"}\n' });
  assert.match(err, /^bluetap: The frame is damaged/);
});

test('vectors reads a file by its Windows path', async () => {
  const file = `Z:${process.env['BLUETAP_ROOT']}/vectors/frames.json`.replaceAll('/', '\\');
  const { code, out, err } = await bluetap('vectors', file);
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  assert.match(out, /^(\d+) of \1 vectors hold\n$/);
});

test('vectors of a file that is missing ends with 1', async () => {
  const { code, out, err } = await bluetap('vectors', 'C:\\nothing.json');
  assert.deepEqual({ code, out }, { code: 1, out: '' });
  assert.match(err, /nothing\.json/);
});

test('a wrong option, command or transport ends with 64 and prints nothing on stdout', async () => {
  for (const args of [['pay', '--nonsense'], ['nonsense'], ['status', '--transport', 'nonsense']]) {
    const { code, out, err } = await bluetap(...args);
    assert.deepEqual({ code, out }, { code: 64, out: '' }, args.join(' '));
    assert.notEqual(err, '');
  }
});

test('a device that is not there ends with 3, over a COM port and over TCP', async () => {
  for (const transport of ['serial:COM7', 'serial:COM77', 'tcp://127.0.0.1:1']) {
    const { code, out, err } = await bluetap('status', '--transport', transport, '--timeout', '1000', '--json');
    assert.deepEqual({ code, err }, { code: 3, err: '' }, transport);
    assert.equal(JSON.parse(out).code, 'DEVICE_DISCONNECTED');
  }
});

describe('emulate in a Windows program', () => {
  test('serves a Windows program over TCP, and ends with 0 when its stdin ends', async () => {
    const emulator = spawn(process.execPath, [BLUETAP, 'emulate', '--tcp', '0', '--json'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: 30_000,
    });
    const ended = once(emulator, 'close');
    const lines = createInterface({ input: emulator.stdout });
    const [ready] = (await once(lines, 'line')) as [string];
    const { event, tcp, simulated } = JSON.parse(ready);
    assert.deepEqual({ event, simulated }, { event: 'ready', simulated: true });
    const { code, out } = await bluetap('pay', '--transport', tcp, '--payment-method', 'ALIPAY_CN', '--json');
    assert.deepEqual([code, JSON.parse(out).code], [0, 'SUCCESS']);
    emulator.stdin.end();
    assert.deepEqual(await ended, [0, null]);
  });

  test('refuses a pseudo-terminal, which Windows does not have', async () => {
    const { code, out, err } = await bluetap('emulate', '--pty', '--json');
    assert.deepEqual({ code, out }, { code: 1, out: '' });
    assert.match(err, /^bluetap: --pty: /);
  });

  test('refuses a path of a file for a socket, and says what to do', async () => {
    const { code, out, err } = await bluetap('emulate', '--unix', 'C:\\device', '--json');
    assert.deepEqual({ code, out }, { code: 1, out: '' });
    assert.match(err, /^bluetap: --unix: cannot listen on unix:C:\\device: .*: choose another path\n$/);
  });
});

describe('what Wine lacks', () => {
  test("connections of Node's fetch: `bluetap device` cannot reach the control service and ends with 3", async () => {
    const { code, err } = await bluetap('device', 'snapshot', '--control', process.env['BLUETAP_TEST_CONTROL']!);
    assert.equal(code, 3);
    assert.match(err, /cannot be reached/);
    const { cause } = (await fetch(new URL('/', process.env['BLUETAP_TEST_CONTROL'])).catch(
      (error: Error) => error,
    )) as Error;
    assert.equal((cause as NodeJS.ErrnoException).code, 'UNKNOWN');
  });
});
