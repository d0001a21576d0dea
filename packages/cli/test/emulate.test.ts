import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect as connectTo, createServer } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { isLoopback } from '../src/emulate/listeners.js';
import { textLog } from '../src/emulate/text-log.js';
import { BoundedOutput } from '../src/output/bounded-output.js';
import { call, type Ended, emulate, main, Running, root, run, start, temporaryFolder } from './cli.js';

const stopped = { code: 0, signal: null, stderr: '' };

test('--json: prints ready with every address, then the events, and leaves nothing behind', async () => {
  const unix = join(temporaryFolder(), 'a.sock');
  const { running, ready } = await emulate(['--unix', unix, '--tcp', ':0', '--tcp', '0', '--pty']);
  expect(ready).toMatchObject({ event: 'ready', pid: running.child.pid, simulated: true, serialNumber: 'EMU-0001' });
  expect(ready.addresses).toEqual([
    `unix:${unix}`,
    expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/),
    expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/),
    expect.stringMatching(/^\/dev\/(pts\/\d+|tty\w+)$/),
  ]);
  expect(ready).toMatchObject({ unix: ready.addresses[0], tcp: ready.addresses[1], pty: ready.addresses[3] });
  expect(ready.snapshot).toMatchObject({ simulated: true, state: 'idle', taps: 0 });

  await call(['pay', '--payment-method', 'SEVEN_11', '--amount', '1.50', '--transport', ready.tcp]);
  const message = (type: string) => running.event((event) => event.message?.type === type);
  expect(await message('HELLO')).toMatchObject({ direction: 'in', connection: 'tcp 1', message: { session: 0 } });
  expect(await message('PAY')).toMatchObject({ message: { sequence: 1, amount: '1.50' } });
  expect(await running.event()).toMatchObject({
    event: 'state',
    cause: 'pay',
    snapshot: { state: 'ready', amount: '1.50' },
  });
  expect(await running.event()).toMatchObject({ direction: 'out', message: { type: 'PAY_REPLY', result: 'SUCCESS' } });
  expect(await running.event()).toMatchObject({ event: 'disconnected', time: expect.stringMatching(/^\d{4}-.*Z$/) });

  expect(existsSync(unix)).toBe(true);
  expect(await running.stop('SIGTERM')).toMatchObject(stopped);
  expect(existsSync(unix)).toBe(false);
  expect(existsSync(ready.pty)).toBe(false);
});

test('for people: prints how to reach the device, each message, and the snapshot', async () => {
  const emulator = start(['emulate', '--tcp', '127.0.0.1:0', '--link-template', 'https://x.example/{orderId}']);
  expect(await emulator.line()).toBe('Device EMU-0001  SIMULATED: nothing that it shows can be paid');
  expect(await emulator.line()).toBe('Ready. Hosts reach it at');
  const how = (await emulator.line()).trim().split(' ');
  expect(how).toEqual(['--transport', expect.stringMatching(/^tcp:/)]);
  await call(['pay', '--payment-method', 'TRUEMONEY', '--order-id', 'A1', ...how]);
  while (!(await emulator.line()).endsWith('the host has disconnected'));
  const ended = await emulator.stop('SIGINT');
  expect(ended).toMatchObject(stopped);
  const lines = ended.stdout
    .split('\n')
    .filter((line) => /^\d\d:\d\d:\d\d\.\d{3} {2}/.test(line))
    .map((line) =>
      line
        .slice(14)
        .replaceAll(/\d{4,}/g, 'N')
        .replace(/\b\d+\/(?=[01]\b)/, 'N/')
        .replaceAll(/ +/g, ' '),
    );
  expect(lines).toEqual([
    'DEVICE == IDLE',
    'tcp 1 a host has connected',
    'tcp 1 -> HELLO N/0 nonce=N',
    'tcp 1 <- HELLO_REPLY N/0 SUCCESS state=idle nonce=N bootId=N',
    'tcp 1 -> PAY N/1 paymentMethod=TRUEMONEY orderId=A1',
    'DEVICE == READY TRUEMONEY order A1 900 s left read 0 times',
    ' == https://x.example/A1',
    'tcp 1 <- PAY_REPLY N/1 SUCCESS state=ready remaining=900',
    'tcp 1 the host has disconnected',
  ]);
});

test('for people: the --transport of a pseudo-terminal can be copied too', async () => {
  const emulator = start(['emulate', '--pty']);
  await emulator.line();
  await emulator.line();
  const [, how] = /^ {2}--transport (serial:\S+) {2}\(\S+ is a serial port\)$/.exec(await emulator.line())!;
  expect(await call(['info', '--transport', how!])).toMatchObject({ code: 0 });
  expect(await emulator.stop()).toMatchObject(stopped);
});

test('events that come faster than they are read are left out, and their number is printed', async () => {
  const written: string[] = [];
  let read = () => {};
  const slow = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, taken) {
      written.push(line);
      read = taken;
    },
  });
  const output = new BoundedOutput(slow, (count) => `${count} left out`);
  const line = 'x'.repeat(1 << 16);
  for (let lines = 0; lines < 1000; lines++) output.write(() => line);
  expect(slow.writableLength).toBeLessThan(2 << 20);
  for (let before = 0; before < written.length; ) {
    before = written.length;
    read();
    await setImmediate();
  }
  const kept = written.filter((text) => text === line).length;
  expect(written.at(-1)).toBe(`${1000 - kept} left out`);
  expect(kept).toBeGreaterThan(16);
  output.write(() => 'again');
  await setImmediate();
  expect(written.at(-1)).toBe('again');
});

test('a signal stops the program, also if its output is not read', async () => {
  const child = spawn(process.execPath, [main, 'emulate', '--tcp', '127.0.0.1:0', '--json'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'readable');
  // The output is not read any more, so that the answers fill every buffer.
  const listener = JSON.parse(String(child.stdout.read()).split('\n')[0]!).tcp;
  child.stdin.on('error', () => {});
  child.stdin.write('{"do":"tap","id":"12345678901234567890"}\n'.repeat(100_000));
  const { port } = new URL(listener);
  const probe = connectTo(Number(port), '127.0.0.1');
  await once(probe, 'connect');
  probe.destroy();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

const reader = (code: string) => ['--', process.execPath, '-e', code];

test('-- COMMAND gets the address, only its output is on stdout, and its exit code counts', async () => {
  const unix = join(temporaryFolder(), 'a.sock');
  const ended = await run([
    'emulate',
    '--unix',
    unix,
    '--tcp',
    '0',
    ...reader('console.log(process.env.BLUETAP_TRANSPORT, process.argv.slice(1)); process.exit(7)'),
    '--',
    '--tcp',
    '--',
  ]);
  expect(ended).toMatchObject({ code: 7, stdout: `unix:${unix} [ '--tcp', '--' ]\n` });
  expect(ended.stderr).toContain('Ready. Hosts reach it at');
  expect(existsSync(unix)).toBe(false);
});

test.each<[what: string, code: number, args: string[], text: string]>([
  ['was killed', 137, reader('process.kill(process.pid, "SIGKILL")'), ''],
  ['is not there', 127, ['--', 'no-such-command'], 'no-such-command: there is no such command'],
  ['cannot be run', 126, ['--', root], 'cannot be run'],
])('-- COMMAND that %s: exit code %i', async (_, code, args, text) => {
  const ended = await run(['emulate', '--tcp', '0', ...args]);
  expect(ended).toMatchObject({ code, signal: null, stdout: '' });
  expect(ended.stderr).toContain(text);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '-- COMMAND: %s is passed on to the command (C-33)',
  async (signal) => {
    const unix = join(temporaryFolder(), 'a.sock');
    const code = `process.on("${signal}", () => process.exit(9)); setInterval(() => {}, 1e6); console.log("up")`;
    const emulator = start(['emulate', '--unix', unix, ...reader(code)], { stdio: ['ignore', 'pipe', 'pipe'] });
    expect(await emulator.line()).toBe('up');
    expect(await emulator.stop(signal)).toMatchObject({ code: 9, signal: null, stdout: 'up\n' });
    expect(existsSync(unix)).toBe(false);
  },
);

test('emulate ends without an error when its stdout is closed', async () => {
  const { running, ready } = await emulate(['--tcp', '0']);
  running.child.stdout!.destroy();
  await call(['info', '--timeout', '300', '--transport', ready.tcp]);
  expect(await running.ended).toMatchObject(stopped);
});

test('pay keeps its exit code when its stdout is closed', async () => {
  const paying = start(['pay', '--payment-method', 'TRUEMONEY', '--transport', 'emulator']);
  paying.child.stdout!.destroy();
  expect(await paying.ended).toMatchObject(stopped);
});

test('an address that is in use or not available is refused', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const { port } = server.address() as { port: number };
  const inUse = await call(['emulate', '--tcp', `127.0.0.1:${port}`]);
  expect(inUse).toMatchObject({ code: 1, stdout: '' });
  expect(inUse.stderr).toBe(
    `bluetap: --tcp: cannot listen on tcp://127.0.0.1:${port}: the address is in use: choose another address, or end the program that uses it\n`,
  );
  const nowhere = await call(['emulate', '--unix', '/nowhere/a.sock']);
  expect(nowhere).toMatchObject({ code: 1, stdout: '' });
  expect(nowhere.stderr).toContain('bluetap: --unix: ');
});

test.each([
  ['--serial-number', '', 'serialNumber'],
  ['--serial-number', 'x'.repeat(33), 'serialNumber'],
  ['--model', 'é', 'model'],
  ['--firmware', 'x'.repeat(17), 'firmware'],
  ['--link-template', 'https://x.example/{price}', 'linkTemplate'],
])('%s %j breaks its rule', async (option, value, field) => {
  const ended = await call(['emulate', '--tcp', '0', option, value]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(`bluetap: ${field} (${option}): `);
});

test('the identity of the device can be chosen', async () => {
  const { ready } = await emulate(['--tcp', '0', '--serial-number', 'S 1', '--model', 'M', '--firmware', '2']);
  const { stdout } = await call(['info', '--json', '--transport', ready.tcp]);
  expect(JSON.parse(stdout).device).toMatchObject({ serialNumber: 'S 1', model: 'M', firmware: '2', simulated: true });
});

test('it listens beyond loopback only if an option says so, and warns', async () => {
  const { running } = await emulate(['--tcp', '0.0.0.0:0']);
  const ended: Ended = await running.stop();
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr).toMatch(/^bluetap: tcp:\/\/0\.0\.0\.0:\d+ is open to other machines/);
  expect(['tcp://127.0.0.1:1', 'tcp://127.9.9.9:1', 'tcp://[::1]:1'].map(isLoopback)).toEqual([true, true, true]);
  expect(['tcp://0.0.0.0:1', 'tcp://[::]:1', 'tcp://10.0.0.1:1'].map(isLoopback)).toEqual([false, false, false]);
});

test('through npm: a signal to npm stops it cleanly', { timeout: 60_000 }, async () => {
  const unix = join(temporaryFolder(), 'a.sock');
  const args = ['run', '-s', 'bluetap', '--', 'emulate', '--json', '--unix', unix];
  const npm = new Running('npm', args, { cwd: root });
  expect(await npm.event()).toMatchObject({ event: 'ready', unix: `unix:${unix}` });
  expect(await npm.stop('SIGTERM')).toMatchObject({ code: 0, signal: null });
  expect(existsSync(unix)).toBe(false);
});

test('(C-16) no text from outside controls the terminal', async () => {
  const folder = temporaryFolder();
  const running = start(['emulate', '--unix', join(folder, 'a\u001b[2J\nSUCCESS\u202e')]);
  await running.line();
  await running.line();
  expect(await running.line()).toBe(`  --transport unix:${folder}/a\\u001b[2J\\u000aSUCCESS\\u202e`);
  await running.stop();

  const written: string[] = [];
  const log = textLog({ write: (text: string) => written.push(text), writableLength: 0 } as never);
  const hostile = '\u009b2J\n';
  log.event({ event: 'dropped', connection: `tcp ${hostile}`, code: hostile as never }, 'A');
  const snapshot = { simulated: true, serialNumber: hostile, plugged: true, state: 'ready', taps: 0 } as const;
  const more = { amount: hostile, orderId: hostile, uri: hostile };
  log.event({ event: 'tap', uri: '', snapshot: { ...snapshot, ...more } }, hostile);
  const message = { type: 'PAY', session: 1, sequence: 1, paymentMethod: 'TRUEMONEY', orderId: hostile } as const;
  log.event({ event: 'message', direction: 'in', connection: 'tcp', message }, 'A');
  for (const line of written) expect(line).toMatch(/^[ -~]*\n$/);
  expect(written.join('').match(/\\u009b2J\\u000a/g)).toHaveLength(6);

  const missing = await call(['emulate', '--tcp', '0', '--', hostile]);
  expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining('\\u009b2J\\u000a: there is no such') });
});
